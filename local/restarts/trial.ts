/**
 * Kills a world of `npm start` again and again, at random moments and in the middle of whatever it does, and makes it anew from what was
 * written down: it must be as it was at that instant, in each id, state and time that can be seen.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Table } from "../../adapters/store/table.ts";
import { silentLog } from "../../lambdas/runtime/log.ts";
import { createRandom, type Random } from "../cloud/random.ts";
import { runSchedules } from "../platform/live-schedules.ts";
import { openWorld, type LiveWorld } from "../platform/live-world.ts";
import { createMemoryTable } from "../platform/memory-table.ts";
import { preparePlatform } from "../platform/platform.ts";
import { labAccountId, prodAccountId } from "../platform/starter-fleet.ts";
import {
  appendTo,
  beginWorld,
  readWorld,
  recordCluster,
  recordWorld,
} from "../platform/world-log.ts";
import { liveThrough } from "./customer.ts";
import { differences, pictureOf, type Picture } from "./picture.ts";

const accountIds = [labAccountId, prodAccountId];

export interface TrialResult {
  readonly restarts: number;
  /** Of each restart that did not give the same world: what is not as it was. */
  readonly broken: readonly string[];
  /** Calls that were played again at the last one. */
  readonly replayed: number;
}

interface Trial {
  readonly file: string;
  readonly seed: number;
  readonly table: Table;
  readonly random: Random;
}

const never = new Promise<never>(() => undefined);

/** A process that was killed writes nothing more. */
const tableOfLife = (table: Table, isOver: () => boolean): Table => {
  const whileAlive = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
    if (isOver()) return never;
    const answer = await act();
    return isOver() ? never : answer;
  };
  return {
    name: table.name,
    packing: table.packing,
    get: (key, reading) => whileAlive(() => table.get(key, reading)),
    put: (item, condition) => whileAlive(() => table.put(item, condition)),
    delete: (key, condition) => whileAlive(() => table.delete(key, condition)),
    query: (input) => whileAlive(() => table.query(input)),
  };
};

const record = (file: string, { platform }: LiveWorld): (() => void) => {
  const append = appendTo(file);
  const ends = [
    recordWorld(append, platform.cloud),
    ...platform.eks.control
      .clusters()
      .map(({ accountId, region, name, kubernetes }) =>
        recordCluster(append, { accountId, region, name }, kubernetes),
      ),
  ];
  return () => {
    for (const end of ends) end();
  };
};

/** One life: made anew, looked at, lived through, killed. */
const live = async (
  { file, seed, table, random }: Trial,
  before: Picture | undefined,
): Promise<{
  readonly picture: Picture;
  readonly changed: readonly string[];
  readonly replayed: number;
}> => {
  let isOver = false;
  const world = readWorld(file);
  if (world === undefined) throw new Error(`${file} is not there.`);
  const timeMs = before?.atMs ?? world.head.beganMs;
  const made = await openWorld(
    { seed, speed: 1000, interrupts: true, version: "0.0.0", log: silentLog },
    { world, timeMs, table: tableOfLife(table, () => isOver), keepTime: () => undefined },
  );
  const { platform, clock } = made;
  await clock.replayTo(timeMs);
  const changed =
    before === undefined ? [] : differences(before, await pictureOf(platform, accountIds));
  const endRecord = record(file, made);
  await clock.goLive();
  await clock.enter(() => platform.interpreter.resume());
  runSchedules(clock, platform.functions, world.head.beganMs);
  await liveThrough(made, { random, isNew: before === undefined });
  const picture = await clock.enter(async () => {
    const taken = await pictureOf(platform, accountIds);
    isOver = true;
    clock.stop();
    endRecord();
    return taken;
  });
  platform.interpreter.kill();
  return { picture, changed, replayed: world.changes.length };
};

/** One world, restarted so many times. */
export const runTrial = async (options: {
  readonly seed: number;
  readonly restarts: number;
}): Promise<TrialResult> => {
  await preparePlatform();
  const { seed, restarts } = options;
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-restarts-"));
  const trial: Trial = {
    file: join(folder, "world.jsonl"),
    seed,
    table: createMemoryTable(),
    random: createRandom(seed).fork("restarts"),
  };
  try {
    const beganMs = Date.now();
    beginWorld(trial.file, { seed, interrupts: true, keySecret: "restarts", beganMs });
    let life = await live(trial, undefined);
    const broken: string[] = [];
    for (let restart = 1; restart <= restarts; restart += 1) {
      life = await live(trial, life.picture);
      broken.push(...life.changed.map((what) => `restart ${String(restart)}: ${what}`));
    }
    return { restarts, broken, replayed: life.replayed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
