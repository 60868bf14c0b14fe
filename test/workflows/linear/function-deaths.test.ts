import { describe, expect, it } from "@jest/globals";
import type { Key } from "../../../adapters/store/table.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createAs, createLab, openLab, type LabOptions } from "../../../local/lab/lab.ts";
import {
  createKiller,
  refusals,
  watchTable,
  type WatchedTable,
  type WriteMoment,
} from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import type { Until } from "../../../local/lab/recalled-runs.ts";
import { isRetirement, plain, rich } from "../../../local/lab/scenarios.ts";

interface TableLab {
  readonly lab: Lab;
  readonly table: WatchedTable;
}

const withTable = async (
  options: LabOptions = plain,
  create: (given: LabOptions) => Promise<Lab> = createLab,
): Promise<TableLab> => {
  const ownTable = createMemoryTable();
  const table = watchTable(ownTable);
  return { lab: await create({ ...options, table, ownTable }), table };
};

/** Evaluates; `prepare` is called when the API has written its part, so that writes are those of the functions. */
const runWith = async ({ lab }: TableLab, prepare: () => void): Promise<Ending> => {
  const { body } = await lab.evaluate();
  prepare();
  return lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
};

const countWrites = async (): Promise<number> => {
  const undisturbed = await withTable({ ...plain, undisturbedUntil: "END" });
  await runWith(undisturbed, () => {
    undisturbed.table.setHook(() => undefined);
  });
  return undisturbed.table.writes;
};

const writes = await countWrites();

/** At each write, in turn before and after it. */
const deaths = Array.from({ length: writes }, (_, index) => ({
  write: index + 1,
  moment: (index % 2 === 0 ? "before" : "after") satisfies WriteMoment,
}));

describe("a function that dies at a write of its own", () => {
  it("has many writes at which it can die", () => {
    expect(writes).toBeGreaterThan(60);
  });

  it.each(deaths)("$moment write $write of the run is invoked again", async ({ write, moment }) => {
    const place = await withTable({ ...plain, undisturbedUntil: { write } });
    const killer = createKiller();
    const story = await runWith(place, () => {
      place.table.setHook((when, nth) =>
        when === moment && nth === write ? killer.die() : undefined,
      );
    });
    expect(killer.deaths).toBe(1);
    expect(await complaintsAbout(place.lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });
});

describe("a function that dies between what it writes of a swap and its record", () => {
  const isSwap = ({ sk }: Key): boolean => sk.startsWith("SWAP#");
  /** Which of all writes they are. */
  const findSwapWrites = async (): Promise<readonly number[]> => {
    const undisturbed = await withTable({ ...rich.relaunch, undisturbedUntil: "END" });
    const found: number[] = [];
    await runWith(undisturbed, () => {
      undisturbed.table.setHook((moment, nth, key) => {
        if (moment === "after" && isSwap(key)) found.push(nth);
        return undefined;
      });
    });
    return found;
  };

  it("is invoked again, at whichever of them, and never ends what serves", async () => {
    const found = await findSwapWrites();
    // Launched and relaunched, at the least.
    expect(found.length).toBeGreaterThan(1);
    for (const write of found) {
      const place = await withTable({ ...rich.relaunch, undisturbedUntil: { write } });
      const killer = createKiller();
      const story = await runWith(place, () => {
        place.table.setHook((moment, nth, key) =>
          moment === "after" && isSwap(key) && nth === write ? killer.die() : undefined,
        );
      });
      expect(killer.deaths).toBe(1);
      expect([write, await complaintsAbout(place.lab, story), story.status]).toEqual([
        write,
        [],
        "SWITCHED",
      ]);
    }
  });
});

interface RolledBack {
  readonly complaints: readonly string[];
  readonly status: string;
  /** Writes of the functions before the refusal, and from there on. */
  readonly before: number;
  readonly undoing: number;
}

describe("a function that dies while it rolls back", () => {
  /** From the refusal on, which comes when all has moved to the replacement. */
  const rollBack = async (
    onWrite: (moment: WriteMoment, nth: number) => Promise<never> | undefined,
    undisturbedUntil: Until,
  ): Promise<RolledBack> => {
    let isUndoing = false;
    const refused: Parameters<typeof createAs>[2] = async (options, runs) => {
      isUndoing = false;
      const lab = await openLab(options, runs);
      lab.platform.cloud.faults.before((call) => {
        if (!isRetirement(call)) return;
        // A replacement that is well would be left as it is.
        if (!isUndoing) lab.control.failChecks(({ lifecycle }) => lifecycle === "spot", "system");
        isUndoing = true;
        throw refusals.unauthorized();
      });
      return lab;
    };
    const options = { ...rich["stop-and-image"], undisturbedUntil };
    const place = await withTable(options, (given) =>
      createAs("whose retirement is refused", given, refused),
    );
    let nth = 0;
    const story = await runWith(place, () => {
      place.table.setHook((moment) => {
        if (!isUndoing) return undefined;
        if (moment === "before") nth += 1;
        return onWrite(moment, nth);
      });
    });
    const complaints = await complaintsAbout(place.lab, story);
    const ended = { complaints, status: story.status };
    return { ...ended, undoing: nth, before: place.table.writes - nth };
  };

  it("is invoked again, at whichever write, and restores the original all the same", async () => {
    const { undoing: count, before } = await rollBack(() => undefined, "END");
    expect(count).toBeGreaterThan(20);
    for (let write = 1; write <= count; write += 1) {
      const killer = createKiller();
      const dying: WriteMoment = write % 2 === 0 ? "before" : "after";
      const { complaints, status } = await rollBack(
        (moment, nth) =>
          moment === dying && nth === write && killer.deaths === 0 ? killer.die() : undefined,
        { write: before + write },
      );
      expect(killer.deaths).toBe(1);
      expect([write, complaints, status]).toEqual([write, [], "ROLLED_BACK"]);
    }
  }, 120_000);
});

const unavailable = (): never => {
  throw new SpotOptimizerError("RetryableUnavailable", "The state table does not answer.");
};

describe("a state table that fails for a while", () => {
  const some = deaths.filter((_, index) => index % 7 === 0);

  it.each(some)("for three writes from $write on is asked again", async ({ write, moment }) => {
    const place = await withTable({ ...plain, undisturbedUntil: { write } });
    const story = await runWith(place, () => {
      place.table.setHook((when, nth) =>
        when === moment && nth >= write && nth < write + 3 ? unavailable() : undefined,
      );
    });
    expect(await complaintsAbout(place.lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });

  it("for good from the freeze on leaves the switch to a redrive, which undoes or ends it", async () => {
    const place = await withTable();
    let isDown = false;
    place.lab.platform.cloud.faults.after(({ operation }) => {
      if (operation === "StopInstances") isDown = true;
    });
    const story = await runWith(place, () => {
      place.table.setHook(() => (isDown ? unavailable() : undefined));
    });
    expect(story.executionStatus).toBe("FAILED");
    expect(story.status).toBe("RUNNING");
    isDown = false;
    await place.lab.platform.interpreter.redrive(story.evaluation.executionArn ?? "");
    const redriven = await place.lab.finish(story.evaluationId);
    expect(redriven.status).toBe("NEEDS_OPERATOR");
    expect(place.lab.watch.broken).toEqual([]);
  });

  it("that answers every fifth write with a conflict is written to again", async () => {
    const place = await withTable();
    const story = await runWith(place, () => {
      place.table.setHook((when, nth) =>
        when === "before" && nth % 5 === 0 ? "CONFLICT" : undefined,
      );
    });
    expect(await complaintsAbout(place.lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });
});
