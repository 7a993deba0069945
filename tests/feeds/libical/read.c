/* Reads a calendar from standard input with libical; prints "UID start end" of each event, in seconds since 1970,
   taking zones from the calendar's own VTIMEZONEs. Ends with 1 where libical finds fault with the calendar. */
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

static long long seconds(icalcomponent *calendar, icalcomponent *event, icalproperty_kind kind) {
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    icaltimetype time = icalvalue_get_datetime(icalproperty_get_value(property));
    icaltimezone *rules = icaltimezone_get_utc_timezone();
    if (zone != NULL) {
        rules = icalcomponent_get_timezone(calendar, icalparameter_get_tzid(zone));
    }
    if (rules == NULL) {
        fprintf(stderr, "no VTIMEZONE %s\n", icalparameter_get_tzid(zone));
        exit(1);
    }
    return (long long)icaltime_as_timet_with_zone(time, rules);
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

int main(void) {
    icalcomponent *calendar = icalparser_parse_string(all_of(stdin));
    if (calendar == NULL) {
        return 1;
    }
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        long long start = seconds(calendar, event, ICAL_DTSTART_PROPERTY);
        long long end = seconds(calendar, event, ICAL_DTEND_PROPERTY);
        printf("%s %lld %lld\n", icalcomponent_get_uid(event), start, end);
    }
    int before = icalcomponent_count_errors(calendar);
    int is_valid = icalrestriction_check(calendar);
    int found = icalcomponent_count_errors(calendar) - before;
    return is_valid && found == 0 && faults(calendar) == 0 ? 0 : 1;
}
