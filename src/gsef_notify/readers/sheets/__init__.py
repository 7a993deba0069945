"""Session sheets: containers -> blocks -> sections and tables -> one draft."""
