/** The phases of each workflow: the stage to which each belongs, and how long it usually takes. */
import type { PipelineMode } from "./pipeline-mode.ts";

export const phaseStages = [
  /** Nothing is changed. */
  "JUDGE",
  /** What takes its place is made ready: what serves is left alone. */
  "PREPARE",
  /** From one to the other. */
  "HAND_OVER",
  /** What is over is put away, and the record written. */
  "CLOSE",
] as const;
type PhaseStage = (typeof phaseStages)[number];

export interface KnownPhase {
  readonly stage: PhaseStage;
  /**
   * Median over the evaluations of the demo (test/local/demo/golden/seed-1.json), whose simulated EC2 takes the times that are cited
   * beside its rules. Absent: under a second and a half, or none of them has passed it.
   */
  readonly usualSeconds?: number;
}

const judge = { stage: "JUDGE" } as const satisfies KnownPhase;
const close = { stage: "CLOSE" } as const satisfies KnownPhase;

const judging = {
  "open-evaluation": judge,
  scrape: judge,
  filter: judge,
  predict: judge,
  decide: judge,
} as const satisfies Readonly<Record<string, KnownPhase>>;

const ending = { adopt: close, record: close } as const satisfies Readonly<
  Record<string, KnownPhase>
>;

/** By name, in the order of the workflows. */
export const phasesOfMode: Readonly<Record<PipelineMode, Readonly<Record<string, KnownPhase>>>> = {
  LINEAR: {
    ...judging,
    "check-eligibility": judge,
    "prepare-image": { stage: "PREPARE", usualSeconds: 91 },
    launch: { stage: "PREPARE" },
    "await-healthy": { stage: "PREPARE", usualSeconds: 180 },
    "freeze-original": { stage: "HAND_OVER", usualSeconds: 34 },
    "end-spot": { stage: "HAND_OVER", usualSeconds: 31 },
    "move-root": { stage: "HAND_OVER", usualSeconds: 209 },
    "final-image": { stage: "HAND_OVER", usualSeconds: 95 },
    "replace-root": { stage: "HAND_OVER", usualSeconds: 199 },
    relaunch: { stage: "HAND_OVER" },
    "await-relaunched": { stage: "HAND_OVER" },
    "move-identity": { stage: "HAND_OVER", usualSeconds: 6 },
    verify: { stage: "HAND_OVER" },
    "retire-original": close,
    "roll-back": { stage: "CLOSE", usualSeconds: 220 },
    ...ending,
  },
  CLUSTER: {
    ...judging,
    "check-group": judge,
    "plan-batch": { stage: "PREPARE" },
    launch: { stage: "PREPARE" },
    "place-rest": { stage: "PREPARE" },
    "await-healthy": { stage: "PREPARE", usualSeconds: 180 },
    register: { stage: "HAND_OVER", usualSeconds: 20 },
    attach: { stage: "HAND_OVER" },
    "await-in-service": { stage: "HAND_OVER", usualSeconds: 16 },
    "remove-originals": { stage: "HAND_OVER", usualSeconds: 151 },
    restore: close,
    "roll-back": close,
    ...ending,
  },
  KUBERNETES: {
    ...judging,
    "check-node": judge,
    "plan-node": { stage: "PREPARE" },
    launch: { stage: "PREPARE", usualSeconds: 26 },
    "await-joined": { stage: "PREPARE", usualSeconds: 81 },
    "answer-warning": { stage: "PREPARE" },
    cordon: { stage: "HAND_OVER" },
    "drain-poll": { stage: "HAND_OVER", usualSeconds: 157 },
    "empty-node": { stage: "HAND_OVER" },
    "await-taken": { stage: "HAND_OVER" },
    "await-detached": { stage: "HAND_OVER", usualSeconds: 5 },
    terminate: { stage: "HAND_OVER" },
    "await-gone": { stage: "HAND_OVER", usualSeconds: 45 },
    release: close,
    "roll-back": { stage: "CLOSE", usualSeconds: 29 },
    ...ending,
  },
};

/** Undefined: it is of an earlier release, or of none of the workflow's states. */
export const knownPhase = (mode: PipelineMode, name: string): KnownPhase | undefined =>
  phasesOfMode[mode][name];
