/**
 * Steps that work on one evaluation. Each invocation reads the record anew, renews the lease when a third of it is gone,
 * runs, and writes once what the step adds to the record, with the phase for its reader. A poll that sees nothing new writes
 * nothing, and neither does one in the first minutes that could only put it in other words.
 */
import * as z from "zod";
import { updateLoaded } from "../../adapters/store/evaluations.ts";
import { updateSwap } from "../../adapters/store/swaps.ts";
import { SpotOptimizerError, type ErrorName } from "../../core/errors.ts";
import type { Sight } from "../../core/model/course.ts";
import type { Evaluation, EvaluationOf, Phase } from "../../core/model/evaluation.ts";
import { evaluationIdSchema, type EvaluationId } from "../../core/model/ids.ts";
import type { Swap } from "../../core/model/swap.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { ClientName, StepContext } from "../runtime/context.ts";
import type { Step } from "../runtime/step.ts";
import { keepLeases } from "./lease.ts";
import { openSession, requireMode, type EvaluationSession } from "./session.ts";
import { noteSight } from "./sight.ts";

export const evaluationInputSchema = z.object({ evaluationId: evaluationIdSchema });

/** What every step returns to the workflow: the value it routes on, and a sentence for the console. */
export interface StepOutput {
  readonly kind: string;
  readonly summary: string;
}

/** Of a step that may have to wait: WAITING says after how many seconds the workflow asks again. */
export const pollingOutput = <Kind extends string>(
  kinds: readonly [Kind, ...Kind[]],
): z.ZodType<{ readonly kind: Kind; readonly summary: string; readonly waitSeconds?: number }> =>
  z.object({
    kind: z.enum(kinds),
    summary: z.string(),
    // The workflow selects it from each answer: an absent one would end the execution.
    waitSeconds: z.int().nonnegative().default(0),
  });

/** From what is stored; nothing is stored before the first change of a swap. */
export interface SwapChange {
  readonly swapId: string;
  readonly change: (stored: Swap | undefined) => Swap;
}

export interface StepResult<Output extends StepOutput, Mode extends PipelineMode = PipelineMode> {
  readonly output: Output;
  /** From 1, where the workflow comes by once for each batch. */
  readonly round?: number;
  /** What is added to the record, in the same write as the phase. */
  readonly change?: (evaluation: EvaluationOf<Mode>) => EvaluationOf<Mode>;
  /** What becomes of swaps; written before the record. */
  readonly swaps?: readonly SwapChange[];
  /** What it saw of its subject; written after the record, and only where something had changed. */
  readonly sight?: Sight;
  /** Done once the record is written: what others may begin when they see it done. */
  readonly afterwards?: () => Promise<void>;
}

interface PhaseNote {
  readonly name: string;
  readonly round?: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly output: StepOutput;
}

const isOpen = ({ output }: PhaseNote): boolean => output.kind === "WAITING";

const isSame = (phase: Phase, { name, round }: PhaseNote): boolean =>
  phase.name === name && phase.round === round;

const notePhase = (phases: readonly Phase[], note: PhaseNote): readonly Phase[] => {
  const others = phases.filter((phase) => !isSame(phase, note));
  const begun = phases.find((phase) => isSame(phase, note));
  return [
    ...others,
    {
      name: note.name,
      ...(note.round === undefined ? {} : { round: note.round }),
      startedAt: begun?.startedAt ?? note.startedAt,
      ...(isOpen(note) ? {} : { endedAt: note.endedAt }),
      summary: note.output.summary,
    },
  ];
};

/** AWS says that the session ended; or a cluster did not take its token, and does not say why. */
const sessionErrors: ReadonlySet<unknown> = new Set<ErrorName>([
  "RetryableCredentials",
  "RetryableClusterAuth",
]);

/** Rethrows; a retry in this sandbox must not meet the same session again. */
const forgettingExpired = async <Result>(
  { context, account }: EvaluationSession,
  run: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SpotOptimizerError && sessionErrors.has(error.name)) {
      context.forgetSessions(await account());
    }
    throw error;
  }
};

export interface EvaluationStepDefinition<
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
  Mode extends PipelineMode,
  Name extends ClientName = never,
> {
  readonly name: string;
  /** The clients that it needs; it is given these alone. Default: none. */
  readonly clients?: readonly Name[];
  /** The one mode whose evaluations it takes. Default: all. */
  readonly mode?: Mode;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Name in the record where one function serves several states. Default: `name`. */
  readonly phase?: (input: Input) => string;
  /** Off for what must also run when the lease was lost. Default: on. */
  readonly needsLease?: boolean;
  /**
   * What was read of the evaluation is not read again in one invocation. Off for what undoes: what an earlier invocation, that was
   * thought dead, has written meanwhile is seen at each round. Default: on.
   */
  readonly keepsReadings?: boolean;
  /** What it answers of an evaluation that has ended: it adds nothing to its record. Default: it is refused. */
  readonly whenEnded?: (
    session: EvaluationSession<Mode, Name>,
    record: Evaluation,
  ) => Promise<Output>;
  readonly run: (
    session: EvaluationSession<Mode, Name>,
    input: Input,
  ) => Promise<StepResult<Output, Mode>>;
}

const hasEnded = ({ endedAt }: Evaluation): boolean => endedAt !== undefined;

/** A step that comes late, of an execution that was thought dead: what it would change may be another evaluation's by now. */
const ended = ({ evaluationId, status, endedAt }: Evaluation): SpotOptimizerError =>
  new SpotOptimizerError(
    "StaleLease",
    `Evaluation ${evaluationId} has ended at ${endedAt ?? "an unknown time"} (${status}); nothing more is done in its name.`,
    { resource: evaluationId, nextStep: "Evaluate again." },
  );

/** Who looks at a wait that lasts so long is told how it is now; what a shorter one went through is written with what ends it. */
const sentenceAfterMs = 3 * 60_000;

/** The record has it as open already, with this very sentence or for so short a time that another one can wait. */
const isNoted = (phase: Phase, note: PhaseNote): boolean =>
  isSame(phase, note) &&
  phase.endedAt === undefined &&
  (phase.summary === note.output.summary ||
    Date.parse(note.endedAt) - Date.parse(phase.startedAt) < sentenceAfterMs);

/** Is there anything that the record must say and does not say already? */
const isNews = (stored: Evaluation, changed: Evaluation, note: PhaseNote): boolean =>
  changed !== stored || !isOpen(note) || !stored.phases.some((phase) => isNoted(phase, note));

const sessionFor = <Mode extends PipelineMode, Name extends ClientName>(
  opened: EvaluationSession<PipelineMode, Name>,
  mode: Mode | undefined,
): EvaluationSession<Mode, Name> =>
  mode === undefined
    ? // Without a mode the session of any mode is the one asked for.
      (opened as unknown as EvaluationSession<Mode, Name>)
    : requireMode(opened, mode);

interface Written {
  readonly opened: EvaluationSession;
  readonly leases: Evaluation["leases"];
  readonly note: PhaseNote;
  readonly change: ((stored: Evaluation) => Evaluation) | undefined;
  readonly swaps: readonly SwapChange[];
  readonly sight: Sight | undefined;
}

/** Swaps first, then the record, and what was seen last: nothing rests on it. Returns the record, as it stands, if somebody else has ended it meanwhile: it stays so. */
const writeDown = async ({
  opened,
  leases,
  note,
  change,
  swaps,
  sight,
}: Written): Promise<Evaluation | undefined> => {
  const { context, evaluation, stored: known } = opened;
  const { evaluationId } = evaluation;
  for (const { swapId, change: changeSwap } of swaps) {
    const swap = { evaluationId, swapId, change: changeSwap, known: known.items };
    await updateSwap(context.table, swap);
  }
  const wereRenewed = leases !== evaluation.leases;
  const found: Evaluation[] = [];
  await updateLoaded(context.table, known, (stored) => {
    found.push(stored);
    if (hasEnded(stored)) return stored;
    const renewed = wereRenewed ? { ...stored, leases } : stored;
    const changed = change?.(renewed) ?? renewed;
    if (!isNews(stored, changed, note)) return stored;
    return { ...changed, phases: notePhase(changed.phases, note) };
  });
  const before = found.findLast(hasEnded);
  if (before === undefined) await noteSight(opened, sight);
  return before;
};

const openFor = <Name extends ClientName>(
  { keepsReadings = true }: { readonly keepsReadings?: boolean },
  context: StepContext<Name>,
  { evaluationId }: { readonly evaluationId: EvaluationId },
): Promise<EvaluationSession<PipelineMode, Name>> =>
  openSession(context, evaluationId, keepsReadings);

export const defineEvaluationStep = <
  Input extends { evaluationId: EvaluationId },
  Output extends StepOutput,
  Mode extends PipelineMode = PipelineMode,
  Name extends ClientName = never,
>(
  definition: EvaluationStepDefinition<Input, Output, Mode, Name>,
): Step<Input, Output, StepContext<Name>> => ({
  name: definition.name,
  clients: definition.clients ?? [],
  input: definition.input,
  output: definition.output,
  run: async (context: StepContext<Name>, input: Input) => {
    const { mode, phase, whenEnded, needsLease = true } = definition;
    const opened = await openFor(definition, context, input);
    const session = sessionFor(opened, mode);
    const answerEnded = (record: Evaluation): Promise<Output> => {
      if (whenEnded === undefined) throw ended(record);
      return whenEnded(session, record);
    };
    if (hasEnded(opened.evaluation)) return answerEnded(opened.evaluation);
    const leases = needsLease ? await keepLeases(opened) : opened.evaluation.leases;
    const result = await forgettingExpired(opened, () => definition.run(session, input));
    const { output, round, swaps = [], sight } = result;
    const note: PhaseNote = {
      name: phase?.(input) ?? definition.name,
      ...(round === undefined ? {} : { round }),
      startedAt: opened.now.toISOString(),
      endedAt: context.now().toISOString(),
      output,
    };
    // What was read is of the step's mode, and a record never changes its mode.
    const change = result.change as ((stored: Evaluation) => Evaluation) | undefined;
    const before = await writeDown({ opened, leases, note, change, swaps, sight });
    if (before !== undefined) return answerEnded(before);
    await result.afterwards?.();
    return output;
  },
});
