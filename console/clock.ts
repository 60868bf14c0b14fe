/** The API's clock, by which everything that is shown was written: a simulated cloud has a time of its own. */
import { computed, signal } from "@preact/signals";

/** Of the API's last answer, and of this machine then. Milliseconds. */
interface Known {
  readonly serverMs: number;
  readonly localMs: number;
  /** Simulated seconds per second; 1 on AWS. */
  readonly speed: number;
}

const localMs = signal(Date.now());
const known = signal<Known | undefined>(undefined);
const second = 1000;
const fastest = 1000;

setInterval(() => {
  localMs.value = Date.now();
}, second);

const at = ({ serverMs, localMs: from, speed }: Known, nowMs: number): number =>
  serverMs + (nowMs - from) * speed;

/** How fast it goes, from two answers; a machine that slept in between, or a clock that was set, is not believed. */
const speedOf = (before: Known | undefined, serverMs: number, nowMs: number): number => {
  if (before === undefined || nowMs - before.localMs < second) return before?.speed ?? 1;
  const speed = (serverMs - before.serverMs) / (nowMs - before.localMs);
  return speed >= 0 && speed <= fastest ? speed : before.speed;
};

/** @param iso the API's time, as it has just said */
export const serverSaid = (iso: string): void => {
  const serverMs = Date.parse(iso);
  if (Number.isNaN(serverMs)) return;
  const nowMs = Date.now();
  known.value = {
    serverMs,
    localMs: nowMs,
    speed: speedOf(known.peek(), serverMs, nowMs),
  };
};

/** Milliseconds since the epoch, of the API's clock; moves each second. Of this machine's until the API has answered. */
export const nowMs = computed(() =>
  known.value === undefined ? localMs.value : at(known.value, localMs.value),
);

/** Times are UTC until somebody wants his own: `t`. */
export const isUtc = signal(true);

const two = (value: number): string => String(value).padStart(2, "0");

interface Parts {
  readonly day: string;
  readonly time: string;
}

const partsOf = (instantMs: number, utc: boolean): Parts => {
  const date = new Date(instantMs);
  if (utc) {
    const iso = date.toISOString();
    return { day: iso.slice(0, 10), time: iso.slice(11, 19) };
  }
  return {
    day: `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`,
  };
};

/** `09:08:40`, on another day `29 Nov 09:08`. */
export const clockTime = (iso: string): string => {
  const instant = Date.parse(iso);
  const { day, time } = partsOf(instant, isUtc.value);
  if (day === partsOf(nowMs.value, isUtc.value).day) return time;
  const [year = "", month = "1", date = ""] = day.split("-");
  const name = new Date(Date.UTC(Number(year), Number(month) - 1)).toLocaleString("en-GB", {
    month: "short",
    timeZone: "UTC",
  });
  return `${String(Number(date))} ${name} ${time.slice(0, 5)}`;
};

export const zoneName = computed(() => (isUtc.value ? "UTC" : "local"));

/** Both, for titles: `2026-11-29 09:08:40 UTC, 10:08:40 here`. */
export const bothTimes = (iso: string): string => {
  const instant = Date.parse(iso);
  const utc = partsOf(instant, true);
  return `${utc.day} ${utc.time} UTC, ${partsOf(instant, false).time} here`;
};
