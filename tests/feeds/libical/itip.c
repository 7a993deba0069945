/* What a calendar program on libical does with an iTIP message from standard input. Ends with 1 where libical finds
   fault with the message, or with what it answers.
   itip class USER [FILE]: prints what the message means to the owner of a calendar that has FILE from before.
   itip reply PARTSTAT DTSTAMP: prints the answer of its attendee. */
#include "calendar.h"
#include <libical/icalss.h>

static icalcomponent *parsed(FILE *stream) {
    icalcomponent *calendar = stream == NULL ? NULL : icalparser_parse_string(all_of(stream));
    if (calendar == NULL) {
        fprintf(stderr, "no calendar\n");
        exit(1);
    }
    return calendar;
}

/* The answer keeps only what RFC 5546 section 3.2.3 asks for. */
static icalcomponent *reply(icalcomponent *request, const char *partstat, const char *dtstamp) {
    icalcomponent *event = icalcomponent_get_first_component(request, ICAL_VEVENT_COMPONENT);
    icalproperty *organizer = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    icalproperty *attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    attendee = icalproperty_new_clone(attendee);
    icalproperty_remove_parameter_by_kind(attendee, ICAL_RSVP_PARAMETER);
    icalproperty_set_parameter_from_string(attendee, "PARTSTAT", partstat);
    return icalcomponent_vanew(
        ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"), icalproperty_new_prodid("-//libical//EN"),
        icalproperty_new_method(ICAL_METHOD_REPLY),
        icalcomponent_vanew(
            ICAL_VEVENT_COMPONENT, icalproperty_new_uid(icalcomponent_get_uid(event)),
            icalproperty_new_sequence(icalcomponent_get_sequence(event)),
            icalproperty_new_dtstamp(icaltime_from_string(dtstamp)),
            icalproperty_new_clone(organizer), attendee, (void *)0),
        (void *)0);
}

int main(int count, char **arguments) {
    icalcomponent *message = parsed(stdin);
    if (count < 3 || !is_sound(message)) {
        return 1;
    }
    if (strcmp(arguments[1], "class") == 0) {
        icalcomponent *known = count > 3 ? parsed(fopen(arguments[3], "r")) : NULL;
        puts(icalproperty_enum_to_string(icalclassify(message, known, arguments[2])));
        return 0;
    }
    icalcomponent *answer = reply(message, arguments[2], arguments[3]);
    fputs(icalcomponent_as_ical_string(answer), stdout);
    return is_sound(answer) ? 0 : 1;
}
