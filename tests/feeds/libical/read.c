/* Reads a calendar from standard input with libical; prints "UID start end" of each event, in seconds since 1970,
   taking zones from the calendar's own VTIMEZONEs. Ends with 1 where libical finds fault with the calendar. */
#include "calendar.h"

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
    return is_sound(calendar) ? 0 : 1;
}
