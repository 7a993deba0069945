// Reads a calendar from standard input with node-ical; prints [uid, start, end] of each event, in UTC, as JSON.
import { readFileSync } from "node:fs";
import ical from "node-ical";

const utc = (time) => time.toISOString().replace(".000Z", "Z");
const events = Object.values(ical.sync.parseICS(readFileSync(0, "utf8"))).filter((each) => each.type === "VEVENT");
console.log(JSON.stringify(events.map((event) => [event.uid, utc(event.start), utc(event.end)])));
