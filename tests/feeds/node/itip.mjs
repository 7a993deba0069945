// An attendee's calendar on ical.js: each line of standard input is a message as JSON, each line of output what became
// of it. {user, message, answer: [PARTSTAT, DTSTAMP] or null} -> {verdict, event, reply}. Messages are taken as RFC
// 5546 section 2.1.5 says: by SEQUENCE, then by DTSTAMP; "forget" empties the calendar.
import { createInterface } from "node:readline";
import ICAL from "ical.js";

const known = new Map();

const newer = (one, other) =>
  one.getFirstPropertyValue("sequence") - other.getFirstPropertyValue("sequence") ||
  one.getFirstPropertyValue("dtstamp").compare(other.getFirstPropertyValue("dtstamp"));

const address = (property) => property.getFirstValue().toLowerCase();

function told(event) {
  const utc = (name) => event.getFirstPropertyValue(name).toJSDate().toISOString().replace(".000Z", "Z");
  return {
    uid: event.getFirstPropertyValue("uid"),
    sequence: event.getFirstPropertyValue("sequence"),
    start: utc("dtstart"),
    end: utc("dtend"),
    status: event.getFirstPropertyValue("status"),
    summary: event.getFirstPropertyValue("summary"),
    organizer: [address(event.getFirstProperty("organizer")), event.getFirstProperty("organizer").getParameter("cn")],
    attendees: event.getAllProperties("attendee").map((attendee) => ({
      ...attendee.toJSON()[1],
      address: address(attendee),
    })),
  };
}

function answered(event, user, [partstat, dtstamp]) {
  const reply = new ICAL.Component("vcalendar");
  reply.addPropertyWithValue("version", "2.0");
  reply.addPropertyWithValue("prodid", "-//ical.js//EN");
  reply.addPropertyWithValue("method", "REPLY");
  const answer = new ICAL.Component("vevent");
  for (const name of ["uid", "sequence", "dtstart", "dtend", "summary", "organizer"]) {
    answer.addProperty(new ICAL.Property(event.getFirstProperty(name).toJSON(), answer));
  }
  answer.addPropertyWithValue("dtstamp", ICAL.Time.fromString(dtstamp));
  const own = event.getAllProperties("attendee").find((each) => address(each) === `mailto:${user}`);
  const attendee = new ICAL.Property(own.toJSON(), answer);
  attendee.setParameter("partstat", partstat);
  attendee.removeParameter("rsvp");
  answer.addProperty(attendee);
  for (const zone of event.parent.getAllSubcomponents("vtimezone")) {
    reply.addSubcomponent(new ICAL.Component(zone.toJSON()));
  }
  reply.addSubcomponent(answer);
  return reply.toString();
}

function taken({ user, message, answer }) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(message));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const event = calendar.getFirstSubcomponent("vevent");
  const uid = event.getFirstPropertyValue("uid");
  const before = known.get(uid);
  if (before && newer(event, before) <= 0) return { verdict: "known already", event: told(before), reply: null };
  const isCancel = calendar.getFirstPropertyValue("method") === "CANCEL";
  known.set(uid, event);
  return {
    verdict: isCancel ? "cancelled" : before ? "updated" : "new",
    event: told(event),
    reply: answer ? answered(event, user, answer) : null,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.forget) known.clear();
  console.log(JSON.stringify(taken(asked)));
}
