// Shows every time in the visitor's zone, marks what is on, and lists the mails of a rehearsal as they go out.
"use strict";

const KEPT = "gsef-notify.timezone";
const form = document.querySelector("[data-zone-form]");
const written = form.elements.timezone;
const stage = document.querySelector("[data-stage]");

function isZone(name) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // The browser forbids keeping anything.
  }
}

function keep(zone) {
  try {
    localStorage.setItem(KEPT, zone);
  } catch {
    // The choice holds until the page is left.
  }
}

function ownZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function firstZone() {
  return [form.dataset.chosen, kept(), ownZone()].find((name) => name && isZone(name)) || "UTC";
}

function group(label, names) {
  const options = document.createElement("optgroup");
  options.label = label;
  for (const name of names) options.append(new Option(name.replaceAll("_", " "), name));
  return options;
}

function zoneSelect(chosen) {
  const announced = [...document.querySelectorAll("[data-own]")].map((element) => element.dataset.own);
  const near = new Set([chosen, ownZone(), ...announced].filter((name) => name && isZone(name)));
  const all = [...form.querySelectorAll("option")].map((option) => option.value);
  const select = document.createElement("select");
  select.id = written.id;
  select.append(group("Near you and the program", near), group("All zones", all.filter((name) => !near.has(name) && isZone(name))));
  return select;
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

function clockLabel(zone, instant) {
  const offset = offsetLabel(zone, instant);
  const where = place(zone, instant);
  return where === offset ? offset : `${where} time (${offset})`;
}

function place(zone, instant) {
  if (!zone.includes("/") || zone.startsWith("Etc/")) return offsetLabel(zone, instant);
  return zone.split("/").pop().replaceAll("_", " ");
}

function shiftLabel(days) {
  return days ? `+${days} day${days === 1 ? "" : "s"}` : "";
}

function showOwn(zone) {
  for (const own of document.querySelectorAll("[data-own]")) {
    own.hidden = own.dataset.own === zone;
    const named = own.querySelector("[data-own-day]");
    if (!named) continue;
    const start = new Date(own.closest("[data-segment]").dataset.start);
    named.hidden = dayNumber(zone, start) === dayNumber(own.dataset.own, start);
  }
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
    when.querySelector("[data-clock-label]").textContent = clockLabel(zone, start);
    const longer = dayNumber(zone, new Date(when.dataset.end)) - dayNumber(zone, start);
    when.querySelector("[data-shift]").textContent = shiftLabel(longer);
  }
  for (const order of document.querySelectorAll("[data-order]")) {
    const first = dayNumber(zone, new Date(order.dataset.start));
    for (const segment of order.querySelectorAll("[data-segment]")) {
      const shift = dayNumber(zone, new Date(segment.dataset.start)) - first;
      segment.querySelector("[data-shift]").textContent = shiftLabel(shift);
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
      outlook: `https://outlook.live.com/calendar/0/addfromweb?${new URLSearchParams({ url, name: block.dataset.name })}`,
    };
    for (const link of block.querySelectorAll("[data-link]")) {
      if (link.tagName === "INPUT") link.value = links[link.dataset.link];
      else link.href = links[link.dataset.link];
    }
  }
  for (const link of document.querySelectorAll("[data-feed]")) link.href = link.dataset.feed + query;
}

function show(zone) {
  showTimes(zone);
  showOwn(zone);
  showLinks(zone);
  document.documentElement.dataset.timezone = zone;
  tick();
}

function offerZones(chosen) {
  const select = zoneSelect(chosen);
  select.value = chosen;
  select.addEventListener("change", () => {
    keep(select.value);
    show(select.value);
    history.replaceState(null, "", location.pathname + location.hash);
  });
  form.replaceChildren(form.querySelector("label"), select);
}

function offerCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.value);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
  }
}

const staged = stage && { base: Date.parse(stage.dataset.now), since: performance.now(), speed: Number(stage.dataset.speed) };

function now() {
  return staged ? staged.base + (performance.now() - staged.since) * staged.speed : Date.now();
}

function tick() {
  const instant = now();
  for (const segment of document.querySelectorAll("[data-segment]")) {
    const [start, end] = [Date.parse(segment.dataset.start), Date.parse(segment.dataset.end)];
    const on = start <= instant && instant < end;
    segment.classList.toggle("on", on);
    if (on) segment.setAttribute("aria-current", "time");
    else segment.removeAttribute("aria-current");
    segment.classList.toggle("over", end <= instant);
  }
  if (!stage) return;
  const zone = document.documentElement.dataset.timezone;
  const clock = formatter(zone, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  stage.querySelector("[data-clock]").textContent = `${clock.format(instant)} ${place(zone, instant)}`;
}

function mailItem(mail) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = mail.path;
  link.textContent = mail.subject;
  const meta = document.createElement("span");
  meta.className = "meta";
  meta.textContent = `${mail.local} \u00b7 to ${mail.recipient} (${mail.role}) \u00b7 rule ${mail.rule}`;
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

const zone = firstZone();
offerZones(zone);
offerCopying();
show(zone);
setInterval(tick, stage ? 250 : 5000);
if (stage) poll();
