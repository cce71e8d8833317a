// Views: a recording's details, drawn.
import { clockTime, copyable, day, h, json, length, said, tabs, thing, ui, w } from "./kit.js";

export function statusPill(one) {
  if (one.moving) return h("span.pill.warn", {}, w("moving"));
  const { status, end } = one;
  const kind = status === null ? "" : status === 5 ? ".good" : status === 20 ? ".bad" : status < 5 ? ".info" : ".warn";
  return h(`span.pill${kind}`, {}, status === null && end ? w("reasons")[end.reason] ?? end.reason : w("status")[status]);
}

// ---------------------------------------------------------------------------- time line

function ticks(from, to, most) {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400].find((s) => (to - from) / 1000 / s <= most) ?? 604800;
  const made = [];
  for (let at = 0; at <= (to - from) / 1000; at += step) made.push(at);
  return made;
}

const spoken = (seconds) => (seconds >= 3600 ? `${+(seconds / 3600).toFixed(2)} h` : seconds >= 60 ? `${+(seconds / 60).toFixed(2)} min` : `${seconds} s`);

function timeline(one, now) {
  const from = one.started;
  const last = one.steps.at(-1);
  const to = Math.max(last.status === null ? last.at : now, from + 5000);
  const px = document.getElementById("detail").clientWidth - (one.layout && innerWidth > 700 ? 280 : 110);
  const x = (at) => `${(100 * (Math.min(Math.max(at, from), to) - from)) / (to - from)}%`;
  const wide = (a, b) => `${(100 * Math.max(0, Math.min(b, to) - Math.max(a, from))) / (to - from)}%`;
  const bar = (kind, [a, b], text, title) => h(`i.${kind}`, { css: { left: x(a), width: wide(a, b) }, title }, text);
  const states = one.steps.filter((step) => step.status !== null).map((step, place) => {
    const until = one.steps[place + 1]?.at ?? to;
    const kind = step.status === 5 || step.status === 4 ? "s-run" : step.status === 20 ? "s-bad" : step.status < 4 ? "s-start" : "s-end";
    const name = w("status")[step.status];
    const fits = (px * (until - step.at)) / (to - from) > name.length * (ui.lang === "zh" ? 13 : 8) + 28;
    return bar(kind, [step.at, until], fits ? `${step.status} ${name}` : "", `${step.status} ${name}, +${(step.at - from) / 1000} s`);
  });
  const moves = one.moves.map((span) => bar("away", span, "", w("moving")));
  const lanes = one.lanes.map((lane) => [
    h("span.who", {}, lane.uid),
    h("div.lane.user", { role: "img", "aria-label": `${lane.uid}: ${w("audio")} ${lane.audio.length}, ${w("video")} ${lane.video.length}` },
      lane.audio.map((span) => bar("audio", span, "", `${w("audio")} ${length(span[1] - span[0])}`)),
      lane.video.map((span) => bar("video", span, "", `${w("video")} ${length(span[1] - span[0])}`))),
  ]);
  const page = one.mode === "web" && [h("span.who", {}, w("page")), h("div.lane.user", {}, one.page.map((span) => bar("page", span, "", length(span[1] - span[0]))))];
  return h("div.card", {},
    h("div.says", {}, h("h2", {}, `${w("timeline")} · ${length(to - from)}`), one.lanes.length ? h("span.key", {}, h("span", {}, w("audio")), h("span", {}, w("video"))) : null),
    h("div.lanes", {},
      h("span.who", {}, w("state")), h("div.lane", {}, states, moves), lanes, page,
      h("span"), h("div.axis", { "aria-hidden": "true" }, ticks(from, to, Math.min(8, px / 70)).map((at) => h("span", { css: { left: `${(100000 * at) / (to - from)}%` } }, spoken(at))))));
}

// ------------------------------------------------------------------- requests, webhooks, files

function callPills(call) {
  const code = call.told?.code ?? null;
  const kind = call.status === null ? ".bad" : call.status === 200 ? ".good" : call.status < 400 ? ".warn" : ".bad";
  return [
    call.fault ? h("span.pill.warn", { title: call.fault }, call.fault.split(";")[0]) : null,
    h(`span.pill${kind}`, {}, call.status === null ? w("noAnswer") : `${call.status}${code === null ? "" : ` · ${code}`}`),
  ];
}

export function requests(calls, withChannel) {
  if (!calls.length) return h("p.empty", {}, w("nothing"));
  return h("div.things", {}, [...calls].reverse().map((call) =>
    thing(`call ${call.number}`, clockTime(call.arrived),
      [h("b", {}, call.endpoint || w("noSuch")), " ", h("small", {}, withChannel && call.cname ? call.cname : `${call.method} ${call.endpoint ? "" : call.path}`)],
      callPills(call),
      () => [
        h("code", {}, `${call.method} ${call.path}`),
        call.fault ? h("code", {}, `X-Emulate-Fault: ${call.fault}`) : null,
        said(w("sent"), call.sent),
        JSON.stringify(call.told) === JSON.stringify(call.answered) ? null : said(`${w("answered")}${call.handled === null ? "" : ` (${call.handled})`}`, call.answered),
        said(w("told"), call.told),
      ])));
}

function noticePills(notice) {
  const tries = notice.attempts.map((attempt) => h(`span.pill${attempt.status === 200 ? ".good" : ".bad"}`, { title: attempt.problem || attempt.answer || null },
    `${attempt.status ?? w("noAnswer")}${attempt.duplicate ? ` · ${w("twice")}` : ""}`));
  if (!tries.length) tries.push(h("span.pill", {}, notice.settled ? w("notDelivered") : w("onItsWay")));
  return tries.slice(-3);
}

export function webhooks(notices, withChannel) {
  if (!notices.length) return h("p.empty", {}, w("nothing"));
  return h("div.things", {}, [...notices].reverse().map((notice) =>
    thing(`notice ${notice.number}`, clockTime(notice.happened),
      [h("b", {}, `${notice.event_type} ${notice.name}`), " ", h("small", {}, withChannel ? notice.cname : notice.sequence === null ? "" : `#${notice.sequence}`)],
      noticePills(notice),
      () => [
        h("div.says", {}, h("small", {}, `noticeId ${notice.notice_id}`), h("button", { "data-key": `again ${notice.number}`, onclick: () => ui.on.again(notice) }, w("sendAgain"))),
        said(w("payload"), notice.payload),
        notice.attempts.length ? said(w("attempts"), notice.attempts.map((each) => ({ ...each, answer: each.answer || undefined, problem: each.problem || undefined }))) : null,
      ])));
}

function files(one) {
  if (!one.files.length) return h("p.empty", {}, w("noFiles"));
  const hidden = one.files_total - one.files.length;
  return [
    h("div.things", {}, one.files.map((file) => h("div.thing", {}, h("span.when", {}, clockTime(file.begins)), h("span.what", {}, copyable(file.key, "key")),
      h("span.end", {}, file.listed ? h("span.pill.info", {}, w("listed")) : null, h("small", {}, file.track_type))))),
    hidden > 0 ? h("p.sub", {}, `${hidden} ${w("more")}`) : null,
  ];
}

// --------------------------------------------------------------------------- the whole of it

export function recordingView(one, now) {
  const running = one.end === null;
  return [
    h("div.head", {}, h("h2", {}, one.cname), statusPill(one), h("span.pill", {}, one.mode),
      h("span.buttons.end", {},
        running ? h("button", { "data-key": "move", onclick: () => ui.on.failover(one.sid) }, w("move")) : null,
        running ? h("button.danger", { "data-key": "crash", onclick: () => ui.on.crash(one.sid) }, w("crash")) : null,
        h("button", { "data-key": "python", onclick: () => ui.on.take("python", one.sid) }, w("python")),
        h("button", { "data-key": "curl", onclick: () => ui.on.take("curl", one.sid) }, w("curl")))),
    h("div.facts", {},
      h("span", {}, `${w("recorder")} `, h("b", {}, one.uid)),
      h("span", {}, `${w("started")} `, h("b", {}, `${day(one.started)} ${clockTime(one.started)}`)),
      one.end ? h("span", {}, `${w("ended")} `, h("b", {}, `${clockTime(one.end.at)}, ${w("reasons")[one.end.reason] ?? one.end.reason}`)) : null,
      h("span", {}, `${w("sid")} `, copyable(one.sid, "SID"))),
    one.layout
      ? h("div.pair", {}, timeline(one, now), h("div.card.picture", {}, picture(one), h("small", {}, `${w("layout")} · ${one.canvas.join(" × ")}`)))
      : timeline(one, now),
    tabs([
      ["requests", one.calls.length, () => requests(one.calls, false)],
      ["webhooks", one.notices.length, () => webhooks(one.notices, false)],
      ["files", one.files_total, () => files(one)],
      ["request", null, () => h("pre", { tabindex: 0 }, json(one.request))],
    ]),
  ];
}

// The same element while the layout is the same, so that the picture does not flicker.
let shown = { key: "", image: null };
function picture(one) {
  const key = [one.sid, JSON.stringify(one.layout), one.people.map((person) => person.uid).join(), one.moves.length].join("|");
  if (shown.key !== key) {
    const [wide, high] = one.canvas;
    // Another address each time, or the browser shows what it has.
    const src = `/_emulator/recordings/${one.sid}/layout?v=${Date.now()}`;
    shown = { key, image: h("img", { src, css: { "aspect-ratio": `${wide} / ${high}`, width: `${Math.min(280, (190 * wide) / high)}px` }, alt: `${w("layout")}: ${one.people.map((person) => person.uid).join(", ")}` }) };
  }
  return shown.image;
}

export function trafficView(calls, notices) {
  return [
    h("div.head", {}, h("h2", {}, w("everything")), h("span.buttons.end", {},
      h("button", { "data-key": "python", onclick: () => ui.on.take("python") }, w("python")),
      h("button", { "data-key": "curl", onclick: () => ui.on.take("curl") }, w("curl")))),
    tabs([
      ["requests", calls.length, () => requests(calls, true)],
      ["webhooks", notices.length, () => webhooks(notices, true)],
    ]),
  ];
}

export function helloView(state) {
  const lines = [
    `export AGORA_BASE_URL=${state.urls[0] ?? location.origin}`,
    `export AGORA_APP_ID=${state.app_id}`,
    "# AGORA_CUSTOMER_ID and AGORA_CUSTOMER_SECRET: see the terminal",
  ].join("\n");
  return h("div.hello", {}, h("h2", {}, w("hello")), h("p", {}, w("helloHint")), h("pre", { tabindex: 0 }, lines), h("p.sub", {}, w("helloNext")));
}
