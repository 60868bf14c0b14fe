/** Figures as they are shown everywhere: hourly prices with four digits, monthly ones with two, and a dash for none. */

export const none = "–";

const usd = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // What rounds to nothing has no sign.
    signDisplay: "negative",
  });

const hourly = usd(4);
const monthly = usd(2);
const whole = usd(0);
const counts = new Intl.NumberFormat("en-US");

type Maybe = number | null | undefined;

const orNone =
  (text: (value: number) => string) =>
  (value: Maybe): string =>
    value === null || value === undefined ? none : text(value);

/** USD per hour: `$0.0245`. */
export const hourlyUsd = orNone((value) => hourly.format(value));

/** USD: `$52.20`. */
export const monthlyUsd = orNone((value) => monthly.format(value));

/** USD of a headline: `$412,086`, below a hundred with cents. */
export const headlineUsd = orNone((value) =>
  Math.abs(value) < 100 ? monthly.format(value) : whole.format(value),
);

/** `10,000` */
export const count = orNone((value) => counts.format(value));

/** @param share 0 to 1. `74.4 %`; what is above nothing and rounds to it is `<0.1 %` */
export const percent = orNone((share) => {
  const value = share * 100;
  if (value > 0 && value < 0.05) return "<0.1 %";
  return `${value.toFixed(1)} %`;
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface Units {
  readonly large: number;
  readonly small: number;
  readonly names: readonly [large: string, small: string];
}

const unitsFor = (ms: number): Units => {
  if (ms < hourMs) return { large: minuteMs, small: 1000, names: ["min", "s"] };
  if (ms < dayMs) return { large: hourMs, small: minuteMs, names: ["h", "min"] };
  return { large: dayMs, small: hourMs, names: ["d", "h"] };
};

/** Two units at the most: `8.9 s`, `5 min 30 s`, `3 h 12 min`, `2 d 4 h`. */
export const duration = (exactMs: number): string => {
  if (exactMs < 9_950) return `${(Math.max(0, exactMs) / 1000).toFixed(1)} s`;
  // As the command line rounds it.
  const ms = Math.round(exactMs / 1000) * 1000;
  if (ms < minuteMs) return `${String(ms / 1000)} s`;
  const { large, small, names } = unitsFor(ms);
  const most = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return `${String(most)} ${names[0]}${rest === 0 ? "" : ` ${String(rest)} ${names[1]}`}`;
};

/** One unit, for columns: `8 s`, `11 min`, `3 h`, `2 d`. */
export const age = (ms: number): string => {
  const past = Math.max(0, ms);
  if (past < minuteMs) return `${String(Math.floor(past / 1000))} s`;
  if (past < hourMs) return `${String(Math.floor(past / minuteMs))} min`;
  if (past < 2 * dayMs) return `${String(Math.floor(past / hourMs))} h`;
  return `${String(Math.floor(past / dayMs))} d`;
};

/** `i-0a1b…c2d3`: enough to tell two apart; whole on hover. */
export const shortId = (id: string): string => {
  const [prefix = "", ...rest] = id.split("-");
  const body = rest.join("-");
  if (body.length <= 10) return id;
  return `${prefix}-${body.slice(0, 4)}…${body.slice(-4)}`;
};

/** `444455556666` → `4444-5555-6666` */
export const accountId = (id: string): string => id.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1-$2-$3");

/** `SAVINGS_WORTH_THE_RISK` → `Savings worth the risk` */
export const words = (code: string): string => {
  const text = code.toLowerCase().replaceAll(/[_-]+/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
