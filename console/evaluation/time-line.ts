/** Graph and time line as one list: each node of the workflow, with the phases of the record on one axis. */

export interface WorkflowNode {
  readonly name: string;
  readonly phase: string;
  readonly stage?: string;
  readonly lane: "WAY" | "DETOUR" | "ROLL_BACK";
  readonly next: readonly string[];
}

/** As the API shows it. */
interface Phase {
  readonly name: string;
  readonly round?: number;
  readonly started_at: string;
  readonly ended_at?: string;
  readonly expected_seconds?: number;
  readonly summary?: string;
}

/** One that is still to come, as the API expects it. */
interface ExpectedPhase {
  readonly name: string;
  readonly expected_seconds?: number;
}

/** Milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface TimeLineRow {
  readonly name: string;
  readonly stage?: string;
  readonly lane: WorkflowNode["lane"];
  readonly state: "DONE" | "RUNNING" | "AHEAD";
  readonly span?: Span;
  /** When it usually ends, or begins and ends, from now on. */
  readonly expected?: Span;
  readonly summary?: string;
}

interface TimeLineInput {
  readonly nodes: readonly WorkflowNode[];
  readonly phases: readonly Phase[];
  /** Batch or node; absent: those without one alone. */
  readonly round?: number | undefined;
  /** What is still to come, in order. */
  readonly expected: readonly ExpectedPhase[];
  readonly isOver: boolean;
  readonly nowMs: number;
}

const spanOf = ({ started_at: from, ended_at: to }: Phase, nowMs: number): Span => ({
  from: Date.parse(from),
  to: to === undefined ? Math.max(nowMs, Date.parse(from)) : Date.parse(to),
});

const ofPhase = (phase: Phase, nowMs: number): Pick<TimeLineRow, "span" | "state" | "summary"> => ({
  state: phase.ended_at === undefined ? "RUNNING" : "DONE",
  span: spanOf(phase, nowMs),
  ...(phase.summary !== undefined && { summary: phase.summary }),
});

const msOf = ({ expected_seconds: seconds = 0 }: ExpectedPhase): number => seconds * 1000;

/** One after the other, from now on: what runs has had a part of its time. By the name of the phase; what takes no time has none. */
const expectedSpans = ({
  phases,
  expected,
  nowMs,
}: Pick<TimeLineInput, "expected" | "nowMs" | "phases">): ReadonlyMap<string, Span> => {
  const spans = new Map<string, Span>();
  let from = nowMs;
  const put = (name: string, to: number): void => {
    if (to <= from) return;
    spans.set(name, { from, to });
    from = to;
  };
  const running = phases.findLast(({ ended_at: ended }) => ended === undefined);
  if (running !== undefined) put(running.name, Date.parse(running.started_at) + msOf(running));
  for (const phase of expected) {
    if (phase.name !== running?.name) put(phase.name, from + msOf(phase));
  }
  return spans;
};

/** The batches or nodes that a record tells of, in order. */
export const roundsOf = (phases: readonly Phase[]): readonly number[] =>
  [...new Set(phases.flatMap(({ round }) => round ?? []))].toSorted((one, other) => one - other);

/** The one that is shown until another is asked for: the last in which more was done than to find that nothing is left to do. */
export const roundShown = (phases: readonly Phase[]): number | undefined => {
  const rounds = roundsOf(phases);
  const lengthOf = (round: number): number => phases.filter((each) => each.round === round).length;
  return rounds.findLast((round) => lengthOf(round) > 1) ?? rounds.at(-1);
};

/** Of one that is over, what was not needed is left out; a phase that no node has is listed by its name. */
export const timeLine = (input: TimeLineInput): readonly TimeLineRow[] => {
  const { nodes, phases, round, isOver, nowMs } = input;
  const shown = phases.filter((phase) => phase.round === undefined || phase.round === round);
  const isLatest = round === undefined || round === roundsOf(phases).at(-1);
  const spans: ReadonlyMap<string, Span> =
    isOver || !isLatest ? new Map() : expectedSpans({ ...input, phases: shown });
  const rows = nodes.map((node): TimeLineRow => {
    const phase = shown.findLast(({ name }) => name === node.phase);
    const { name, stage, lane } = node;
    const expected = spans.get(node.phase);
    const isDone = phase?.ended_at !== undefined;
    return {
      name,
      ...(stage !== undefined && { stage }),
      // What was gone is the way.
      lane: phase !== undefined && lane === "DETOUR" ? "WAY" : lane,
      ...(expected !== undefined && lane !== "ROLL_BACK" && !isDone && { expected }),
      ...(phase === undefined ? { state: "AHEAD" } : ofPhase(phase, nowMs)),
    };
  });
  const known = new Set(nodes.map(({ phase }) => phase));
  const others = shown
    .filter(({ name }) => !known.has(name))
    .map((phase): TimeLineRow => ({ name: phase.name, lane: "WAY", ...ofPhase(phase, nowMs) }));
  return withStages([...rows, ...others], isOver);
};

/** The first row that is left of a stage bears its name. */
const withStages = (rows: readonly TimeLineRow[], isOver: boolean): readonly TimeLineRow[] => {
  let pending: string | undefined;
  return rows.flatMap((row) => {
    const { stage, ...rest } = row;
    pending = stage ?? pending;
    if (isOver && row.state === "AHEAD") return [];
    const named = pending === undefined ? rest : { ...rest, stage: pending };
    pending = undefined;
    return [named];
  });
};

/** Of the axis, in percent. */
export interface Placed {
  readonly left: number;
  readonly width: number;
}

const whole = 100;

export const placeOn = (axis: Span, { from, to }: Span): Placed => {
  const length = Math.max(1, axis.to - axis.from);
  const at = (ms: number): number =>
    Math.min(whole, Math.max(0, ((ms - axis.from) / length) * whole));
  return { left: at(from), width: at(to) - at(from) };
};

const stepsMs = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
].map((seconds) => seconds * 1000);
const mostTicks = 8;

/** Instants on round steps, at most eight. */
export const ticksOf = ({ from, to }: Span): readonly number[] => {
  const step = stepsMs.find((each) => (to - from) / each <= mostTicks) ?? to - from;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
};
