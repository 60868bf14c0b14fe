/** One random case: a scenario of the laboratory, disturbed, run to its end, and held against every promise. */
import { createRandom, oneOf, type Random } from "../cloud/random.ts";
import { slowToShow } from "../cloud/ec2/settings.ts";
import { watchTable } from "../lab/harm.ts";
import { createLab, createLabOnSpot, type LabOptions } from "../lab/lab.ts";
import { plain, rich, richOnSpot } from "../lab/scenarios.ts";
import { createMemoryTable } from "../platform/memory-table.ts";
import { runDays } from "./days.ts";
import type { Course, CourseEnd } from "./course.ts";
import type { Disturbance, Scene } from "./disturbance.ts";
import { drawDisturbances } from "./draw.ts";
import { hostIsLost, originalIsTaken, volumeIsRefused } from "./misfortunes.ts";
import { runOnce } from "./once.ts";

export interface CaseName {
  readonly seed: number;
  /** From 1. */
  readonly number: number;
}

export interface CaseResult extends CaseName {
  readonly scenario: string;
  readonly disturbances: readonly string[];
  readonly status: string;
  /** Promises that were broken. Empty is well. */
  readonly violations: readonly string[];
}

const scenarios: readonly (readonly [string, LabOptions])[] = [
  ["plain", plain],
  ...Object.entries<LabOptions>(rich),
];

/** Drawn apart, so that the cases of a seed stay what they were before there was a way back. */
const wayBackShare = 0.1;
const takenShare = 0.2;
/** Drawn apart from these again. */
const refusedRootShare = 0.3;
const lostHostShare = 0.2;
const waysBack: readonly (readonly [string, LabOptions])[] = [
  ["stateless, back to On-Demand", rich.stateless],
  ...Object.entries<LabOptions>(richOnSpot).map(
    ([name, options]) => [`${name}, back to On-Demand`, options] as const,
  ),
];

/** Days cost ten times as much. */
const daysShare = 0.12;
const slowShare = 0.25;

const isOverstated = (complaint: string): boolean => {
  const [, told, seen] =
    /^([\d.]+) s of downtime are recorded, and ([\d.]+) s were seen$/.exec(complaint) ?? [];
  return told !== undefined && seen !== undefined && Number(told) > Number(seen);
};

/** What nobody expected is a violation like any other, and the next case is run. */
const brokenOff = (error: unknown): CourseEnd => ({
  status: "broken off",
  complaints: [
    `the case broke off: ${error instanceof Error ? (error.stack ?? "") : String(error)}`,
  ],
});

const drawCourse = (random: Random): Course =>
  random.next() < daysShare ? runDays(random) : runOnce;

interface Played {
  readonly scenario: string;
  readonly options: LabOptions;
  readonly create: typeof createLab;
  readonly course: Course;
  /** Draws of a way back alone. */
  readonly wayBack?: Random;
}

const drawPlayed = (random: Random, isWayBack: boolean): Played => {
  const [scenario, options] = oneOf(random, scenarios);
  const course = drawCourse(random);
  const apart = random.fork("way back");
  if (apart.next() >= wayBackShare && !isWayBack) {
    return { scenario, options, create: createLab, course };
  }
  const [back, optionsBack] = oneOf(apart, waysBack);
  const createBack = { create: createLabOnSpot, course: runOnce, wayBack: apart };
  return { scenario: back, options: optionsBack, ...createBack };
};

/** What a way back with data meets once there is nothing to go back to. */
const drawAfterEnd = (random: Random): readonly Disturbance[] => [
  ...(random.next() < refusedRootShare ? [volumeIsRefused] : []),
  ...(random.next() < lostHostShare ? [hostIsLost(random)] : []),
];

/** @param isWayBack of a way back, whatever would have been drawn */
export const runCase = async (
  { seed, number }: CaseName,
  isWayBack = false,
): Promise<CaseResult> => {
  const random = createRandom(seed).fork(`case-${String(number)}`);
  const { scenario, options, create, course, wayBack } = drawPlayed(random, isWayBack);
  const isSlow = random.next() < slowShare;
  const isTaken = wayBack !== undefined && wayBack.next() < takenShare;
  const afterEnd = wayBack === undefined ? [] : drawAfterEnd(wayBack.fork("after its end"));
  const disturbances = [
    ...drawDisturbances(random),
    ...(isTaken ? [originalIsTaken(wayBack)] : []),
    ...afterEnd,
  ];
  const ownTable = createMemoryTable();
  const table = watchTable(ownTable);
  const lab = await create({
    ...options,
    policy: { ...options.policy, ...course.options.policy },
    settings: { ...options.settings, ...(isSlow ? slowToShow : {}) },
    table,
    ownTable,
    seed: random.integer(1, 1_000_000),
    // Where a call is denied for good another way may be left, by a second replacement beside the first, which is held. So it is where one is lost from which there is no way but forward.
    ...(afterEnd.length > 0 ||
    disturbances.some(
      ({ sentence }) =>
        sentence.endsWith("unauthorized") ||
        (wayBack !== undefined && /^the replacement (?:fails|is interrupted)/.test(sentence)),
    )
      ? { maxReplacements: 2 }
      : {}),
  });
  const forgiven: RegExp[] = [];
  let mayBeLate = false;
  const scene: Scene = {
    lab,
    table,
    forgive: (complaint) => forgiven.push(complaint),
    forgiveLateness: () => {
      mayBeLate = true;
    },
  };
  const begin = (): void => {
    table.setHook(undefined);
    for (const disturbance of disturbances) disturbance.begin(scene);
  };
  const { status, complaints } = await course.run(scene, begin).catch(brokenOff);
  return {
    seed,
    number,
    scenario: [scenario, course.sentence, ...(isSlow ? ["EC2 is slow to show"] : [])].join(", "),
    disturbances: disturbances.map(({ sentence }) => sentence),
    status,
    violations: complaints.filter(
      (complaint) =>
        !forgiven.some((each) => each.test(complaint)) && !(mayBeLate && isOverstated(complaint)),
    ),
  };
};
