// Shows every time in the visitor's zone, marks what is on, and lists the mails of a rehearsal as they go out.
"use strict";

const KEPT = "gsef-notify.timezone";
const form = document.querySelector("[data-zone-form]");
const field = form.elements.timezone;
const stage = document.querySelector(".stage");

function isZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function firstZone() {
  const wanted = [field.dataset.chosen, localStorage.getItem(KEPT), Intl.DateTimeFormat().resolvedOptions().timeZone];
  return wanted.find((name) => name && isZone(name)) || "UTC";
}

function formatter(zone, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
}

function offsetLabel(zone, instant) {
  const parts = formatter(zone, { timeZoneName: "longOffset" }).formatToParts(instant);
  return parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "UTC");
}

function dayNumber(zone, instant) {
  const parts = Object.fromEntries(
    formatter(zone, { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(instant).map((p) => [p.type, p.value]),
  );
  return Date.UTC(parts.year, parts.month - 1, parts.day) / 86400000;
}

function city(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

function showTimes(zone) {
  const clock = formatter(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = formatter(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  for (const span of document.querySelectorAll("[data-span]")) {
    span.querySelector("[data-from]").textContent = clock.format(new Date(span.dataset.start));
    span.querySelector("[data-to]").textContent = clock.format(new Date(span.dataset.end));
  }
  for (const when of document.querySelectorAll("[data-when]")) {
    const start = new Date(when.dataset.start);
    when.querySelector("[data-day]").textContent = day.format(start).replace(",", "");
    when.querySelector("[data-place]").textContent = city(zone);
    when.querySelector("[data-offset]").textContent = offsetLabel(zone, start);
  }
  for (const order of document.querySelectorAll("[data-order]")) {
    const first = dayNumber(zone, new Date(order.dataset.start));
    for (const segment of order.querySelectorAll("[data-segment]")) {
      const shift = dayNumber(zone, new Date(segment.dataset.start)) - first;
      segment.querySelector("[data-shift]").textContent = shift ? `+${shift} day` : "";
    }
  }
}

function showLinks(zone) {
  const query = `?timezone=${encodeURIComponent(zone).replaceAll("%2F", "/")}`;
  for (const block of document.querySelectorAll("[data-subscribe]")) {
    const url = block.dataset.url.split("?")[0] + query;
    const webcal = url.replace(/^https?:/, "webcal:");
    const links = {
      url,
      webcal,
      path: block.dataset.path.split("?")[0] + query,
      google: `https://calendar.google.com/calendar/r?${new URLSearchParams({ cid: webcal })}`,
      outlook: `https://outlook.live.com/calendar/0/addfromweb?${new URLSearchParams({ url, name: document.title })}`,
    };
    for (const link of block.querySelectorAll("[data-link]")) {
      if (link.tagName === "INPUT") link.value = links[link.dataset.link];
      else link.href = links[link.dataset.link];
    }
  }
  for (const link of document.querySelectorAll("[data-person-feed]")) link.href = link.dataset.personFeed + query;
}

function show(zone) {
  field.value = zone;
  showTimes(zone);
  showLinks(zone);
  document.documentElement.dataset.timezone = zone;
}

function choose() {
  if (!isZone(field.value)) return;
  localStorage.setItem(KEPT, field.value);
  show(field.value);
  tick();
}

const staged = stage && { base: Date.parse(stage.dataset.now), since: performance.now(), speed: Number(stage.dataset.speed) };

function now() {
  return staged ? staged.base + (performance.now() - staged.since) * staged.speed : Date.now();
}

function tick() {
  const instant = now();
  for (const segment of document.querySelectorAll("[data-segment]")) {
    const [start, end] = [Date.parse(segment.dataset.start), Date.parse(segment.dataset.end)];
    segment.classList.toggle("on", start <= instant && instant < end);
    segment.classList.toggle("over", end <= instant);
  }
  if (!stage) return;
  const zone = document.documentElement.dataset.timezone;
  const clock = formatter(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  stage.querySelector("[data-clock]").textContent = `${clock.format(instant)} ${city(zone)}`;
}

function mailItem(mail) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/rehearsal/mails/${encodeURIComponent(mail.key)}`;
  link.textContent = mail.subject;
  const meta = document.createElement("span");
  meta.className = "meta";
  meta.textContent = `${mail.local} - to ${mail.recipient} (${mail.role}), rule ${mail.rule}`;
  item.dataset.key = mail.key;
  item.append(link, meta);
  return item;
}

async function poll() {
  try {
    const answer = await fetch("/rehearsal.json");
    const progress = await answer.json();
    Object.assign(staged, { base: Date.parse(progress.now), since: performance.now(), speed: progress.speed });
    const list = document.querySelector("[data-mails]");
    const shown = new Set([...list.children].map((item) => item.dataset.key));
    for (const mail of progress.mails) if (!shown.has(mail.key)) list.prepend(mailItem(mail));
  } catch {
    // The service is being restarted: look again in a second.
  }
  setTimeout(poll, 1000);
}

form.addEventListener("submit", (event) => {
  if (!isZone(field.value)) return;
  event.preventDefault();
  choose();
});
field.addEventListener("change", choose);
field.addEventListener("focus", () => field.select());
show(firstZone());
tick();
setInterval(tick, stage ? 250 : 5000);
if (stage) poll();
