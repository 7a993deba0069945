/* What the programs here share: a calendar from standard input, and whether libical finds fault with one. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *all_of(FILE *stream) {
    size_t size = 0, room = 1 << 20;
    char *text = malloc(room);
    while (text != NULL) {
        size += fread(text + size, 1, room - size - 1, stream);
        if (size < room - 1) {
            text[size] = '\0';
            return text;
        }
        text = realloc(text, room *= 2);
    }
    return NULL;
}

/* What the parser could not read, but for RFC 9073's PARTICIPANT, which libical 3 does not know and leaves out. */
static int faults(icalcomponent *component) {
    int count = 0;
    icalproperty *fault = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);
    for (; fault != NULL; fault = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        const char *text = icalproperty_get_value_as_string(fault);
        if (strstr(text, "PARTICIPANT-TYPE") == NULL) {
            fprintf(stderr, "%s\n", text);
            count++;
        }
    }
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner != NULL; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        count += faults(inner);
    }
    return count;
}

/* By the parser, and by the tables of RFC 5546 for the METHOD that it has. */
static int is_sound(icalcomponent *calendar) {
    int before = icalcomponent_count_errors(calendar);
    int is_valid = icalrestriction_check(calendar);
    int found = icalcomponent_count_errors(calendar) - before;
    return faults(calendar) == 0 && is_valid && found == 0;
}
