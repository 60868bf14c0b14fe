/** Follows an evaluation until it has ended: each phase as it begins and as it ends, and how it came out. */
import { clockTime, duration, savingPercent, usd } from "../terminal/figures.ts";
import { cutTo } from "../terminal/display-width.ts";
import { dataOf, type Schemas } from "./api/client.ts";
import type { Context } from "./context.ts";
import type { Exit } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { phasesInOrder, type Phase } from "./report/course.ts";
import { phaseName } from "./report/phase-names.ts";
import { exitOf, hasEnded, statusText, toneOf, type Status } from "./statuses.ts";

type Evaluation = Schemas["Evaluation"];

/** Often enough to see each phase of some length, and seldom enough for a budget of calls. */
const pollMs = 2_000;

/** An API that is deployed anew or started anew is back by then. */
const patienceMs = 60_000;

const keyOf = ({ name, round }: Phase): string => `${name} ${String(round ?? "")}`;

/** A phase of an evaluation. */
interface Step {
  readonly phase: Phase;
  readonly mode: Evaluation["mode"];
}

const nameOf = ({ mode, phase: { name, round } }: Step): string => {
  const said = phaseName(mode, name);
  return round === undefined ? said : `${said} (${String(round)})`;
};

/** The longest usual one. */
const nameWidth = 26;
const tookWidth = 12;

const phaseLine = (step: Step, took: string, { print }: Context): string => {
  const { paint, width } = print.layout();
  const { phase } = step;
  const isEnded = phase.ended_at !== undefined;
  const mark = isEnded ? "✓" : "◔";
  const cells = [nameOf(step), clockTime(Date.parse(phase.started_at)), took, phase.summary ?? ""];
  if (width === undefined) return [mark, ...cells].join("\t");
  const [name = "", began = "", length = "", summary = ""] = cells;
  const text = `${name.padEnd(nameWidth)}  ${began}  ${length.padStart(tookWidth)}  ${summary}`;
  return `${paint(isEnded ? "good" : "run", mark)} ${cutTo(text.trimEnd(), width - 3)}`;
};

/** What was told of each phase. */
interface Seen {
  readonly phases: Map<string, "BEGUN" | "ENDED">;
  status?: Status;
}

const tellPhase = (context: Context, seen: Seen, step: Step): void => {
  const { print } = context;
  const { phase } = step;
  const stage = phase.ended_at === undefined ? "BEGUN" : "ENDED";
  const key = keyOf(phase);
  if (seen.phases.get(key) === stage) return;
  seen.phases.set(key, stage);
  print.event("phase", phase);
  // On a terminal the phase that goes on is the last line, and is drawn anew.
  if (stage === "ENDED" || print.isPlain) {
    print.say(phaseLine(step, duration(phase.seconds), context));
  }
};

/** On the clock of the API, which on a laptop is not that of the wall. NaN: it does not tell just now. */
const apiNow = async ({ api }: Context): Promise<number> => {
  try {
    const { data } = await api.GET("/api/v1/health");
    return Date.parse(data?.checked_at ?? "");
  } catch (error) {
    if (error instanceof Failure && error.exit === "UNREACHABLE") return NaN;
    throw error;
  }
};

const tellRunning = async (context: Context, { phases, mode }: Evaluation): Promise<void> => {
  const { print } = context;
  const phase = phasesInOrder(phases).findLast(({ ended_at: ended }) => ended === undefined);
  if (phase === undefined || print.isJson || print.isPlain) return;
  const seconds = ((await apiNow(context)) - Date.parse(phase.started_at)) / 1000;
  const took = Number.isNaN(seconds) ? "" : duration(Math.max(0, seconds));
  print.live(phaseLine({ phase, mode }, took, context));
};

const endLine = (evaluation: Evaluation, { print }: Context): string => {
  const { status, outcome, verdict, downtime_seconds: downtime, savings } = evaluation;
  const { paint } = print.layout();
  const tone = toneOf(status);
  const text = statusText(status);
  const why = outcome ?? verdict;
  return [
    tone === undefined ? text : paint(tone, text),
    why === undefined ? "" : `${why.reason}: ${why.sentence}`,
    downtime === undefined ? "" : `Downtime ${duration(downtime)}.`,
    status === "SWITCHED" && savings !== undefined
      ? `Saves ${savingPercent(savings.percent)}, ${usd(savings.monthly_usd)} a month, estimated.`
      : "",
  ]
    .filter((part) => part !== "")
    .join(print.isPlain ? "\t" : "  ");
};

const tell = async (context: Context, seen: Seen, evaluation: Evaluation): Promise<void> => {
  const { print } = context;
  const { status, mode, evaluation_id: id } = evaluation;
  if (seen.status !== status) print.event("status", { evaluation_id: id, status });
  seen.status = status;
  for (const phase of phasesInOrder(evaluation.phases)) tellPhase(context, seen, { phase, mode });
  if (hasEnded(status)) {
    print.event("end", { evaluation });
    print.say(endLine(evaluation, context));
  } else await tellRunning(context, evaluation);
};

const read = ({ api }: Context, id: string): Promise<Evaluation> =>
  dataOf(
    api.GET("/api/v1/evaluations/{id}", {
      params: { path: { id }, query: { candidates: "none" } },
    }),
  );

const stopped = (id: string): Failure =>
  new Failure("INTERRUPTED", "Watching was stopped, the evaluation goes on", {
    next: `spot show ${id} --watch`,
  });

/** Tries again for a while where the API is away: the evaluation goes on without it. */
const readPatiently = async (context: Context, id: string): Promise<Evaluation> => {
  const { surroundings, print } = context;
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    try {
      return await read(context, id);
    } catch (error) {
      if (surroundings.interrupt.aborted) throw stopped(id);
      const isAway = error instanceof Failure && error.exit === "UNREACHABLE";
      if (!isAway || waitedMs >= patienceMs) throw error;
      if (waitedMs === 0) print.note(`${error.message}. It is tried again for a minute.`);
      await surroundings.sleep(pollMs);
    }
  }
};

const follow = async (context: Context, id: string): Promise<Exit> => {
  const { surroundings } = context;
  const seen: Seen = { phases: new Map() };
  for (;;) {
    const evaluation = await readPatiently(context, id);
    await tell(context, seen, evaluation);
    if (hasEnded(evaluation.status)) return exitOf(evaluation.status);
    await surroundings.sleep(pollMs);
    if (surroundings.interrupt.aborted) throw stopped(id);
  }
};

/** @returns what `spot` ends with for how the evaluation ended */
export const watchEvaluation = async (context: Context, id: string): Promise<Exit> => {
  const { print } = context;
  print.note(`${id}. Ctrl-C stops watching, not the switch.`);
  try {
    return await follow(context, id);
  } finally {
    // What is said next stands on a line of its own.
    print.live("");
  }
};
