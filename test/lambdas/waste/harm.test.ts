/** A deletion whose calls fail, or whose function dies at each of them: it comes to its end once, or leaves the resource as it was. */
import { describe, expect, it } from "@jest/globals";
import { readWasteIn, writeWaste } from "../../../adapters/store/waste-findings.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { WasteKind } from "../../../core/model/waste/finding.ts";
import type { AccountOptions } from "../../../local/lab/account.ts";
import { createKiller, harmCall, harms, isMutation, watchTable } from "../../../local/lab/harm.ts";
import { nameOfBegin, recallRepeated } from "../../../local/lab/recordings.ts";
import { createMemoryTable } from "../../../local/platform/memory-table.ts";
import { dayMs, openWasteLab, type WasteLab } from "./waste-lab.ts";

const longSeconds = 60 * 86_400;

/** Its days have passed, as if it had been looked at on each of them. */
const age = async ({ account: { table }, place }: WasteLab): Promise<void> => {
  const at = { accountId: accountIdSchema.parse(place.accountId), region: place.region };
  for (const { finding, version } of await readWasteIn(table, at)) {
    await writeWaste(table, { ...finding, countedSeconds: longSeconds }, version);
  }
};

const offer = async (lab: WasteLab): Promise<void> => {
  await lab.scan();
  await age(lab);
  await lab.scanDays(1);
};

interface Story {
  readonly name: string;
  readonly calls: readonly string[];
  readonly declare: (lab: WasteLab) => string;
  readonly kind: WasteKind;
  /** One of those on which its judgement rests. */
  readonly reading: string;
  /** Between its calls. Default: none. */
  readonly days?: number;
}

const stories: readonly Story[] = [
  {
    name: "a volume",
    kind: "UNATTACHED_VOLUME",
    reading: "DescribeStackResources",
    calls: ["CreateSnapshot", "CreateTags", "DeleteVolume"],
    declare: ({ control, place }) => control.addVolume(place),
  },
  {
    name: "an address",
    kind: "UNASSOCIATED_ADDRESS",
    reading: "DescribeAddressTransfers",
    calls: ["CreateTags", "ReleaseAddress"],
    declare: ({ control, place }) => control.addAddress(place),
  },
  {
    name: "an image",
    kind: "UNUSED_IMAGE",
    reading: "DescribeImageReferences",
    calls: ["DisableImage", "CreateTags", "DeregisterImage"],
    days: 30,
    declare: ({ control, place }) =>
      [500, 400, 399, 398]
        .map((ageDays) => control.addImage({ ...place, name: `web-${String(ageDays)}`, ageDays }))
        .at(0) ?? "",
  },
  {
    name: "a fast snapshot restore",
    kind: "FAST_SNAPSHOT_RESTORE",
    reading: "DescribeVolumes",
    calls: ["DisableFastSnapshotRestores"],
    declare: ({ control, place }) => {
      const snapshotId = control.addSnapshot({ ...place, ageDays: 10 });
      return `${snapshotId}/${control.addFastRestore({ ...place, snapshotId, days: 60 })}`;
    },
  },
];

/** Whoever dies is followed by the next run. */
const carryOutThroughDeaths = async (lab: WasteLab, runs: number): Promise<void> => {
  for (let run = 0; run < runs; run += 1) {
    try {
      await lab.carryOut();
    } catch {
      // The function's end is all that its caller learns; what came of it is seen below.
    }
  }
};

/** With the days that are waited in between. */
const toTheEnd = async (lab: WasteLab, { days = 0 }: Story): Promise<void> => {
  await carryOutThroughDeaths(lab, 14);
  if (days === 0) return;
  await lab.pass(days * dayMs);
  await carryOutThroughDeaths(lab, 14);
};

interface Agreed {
  readonly lab: WasteLab;
  readonly id: string;
}

/** Found, offered and agreed to, which no test looks at. */
const agreed = (
  { name, declare, kind }: Story,
  tables: Pick<AccountOptions, "ownTable" | "table"> = {},
): Promise<Agreed> =>
  recallRepeated(nameOfBegin(`${name} that may be deleted`, {}), async (runs) => {
    const lab = await openWasteLab({ ...tables, ...(runs !== undefined && { around: runs }) });
    const id = declare(lab);
    await offer(lab);
    const finding = await lab.offered(kind);
    await lab.approve(finding, "ada");
    if (kind === "UNASSOCIATED_ADDRESS") await lab.approve(finding, "grace");
    return { lab, id };
  });

interface Shown {
  readonly Snapshots: readonly { readonly VolumeId: string; readonly State: string }[];
}

const snapshotsOf = async (lab: WasteLab, volumeId: string): Promise<Shown["Snapshots"]> =>
  ((await lab.asOwner("DescribeSnapshots", { OwnerIds: ["self"] })) as Shown).Snapshots.filter(
    ({ VolumeId }) => VolumeId === volumeId,
  );

const requireEnd = async (lab: WasteLab, { kind }: Story, id: string): Promise<void> => {
  expect(await lab.findingOf(id)).toMatchObject({ status: "DELETED" });
  if (kind !== "UNATTACHED_VOLUME") return;
  expect(await snapshotsOf(lab, id)).toMatchObject([{ State: "completed" }]);
};

describe.each(stories)("the deletion of $name", (story) => {
  const { reading } = story;
  const cases = story.calls.flatMap((call, index) =>
    harms.map((harm) => ({ call, nth: index + 1, harm })),
  );

  it.each(cases)("comes to its end once although $call meets: $harm", async ({ nth, harm }) => {
    const { lab, id } = await agreed(story);
    const { isDone } = harmCall(lab.account.platform, {
      harm,
      nth,
      matches: isMutation(lab.place.accountId),
    });
    await toTheEnd(lab, story);
    expect(isDone()).toBe(true);
    await requireEnd(lab, story, id);
  });

  it("comes to its end once although the function dies before and after each of its writes", async () => {
    for (const moment of ["before", "after"] as const) {
      for (let nth = 1, wasReached = true; wasReached; nth += 1) {
        const ownTable = createMemoryTable();
        const table = watchTable(ownTable);
        const { lab, id } = await agreed(story, { table, ownTable });
        const killer = createKiller();
        table.setHook((now, write) =>
          now === moment && write === nth && killer.deaths === 0 ? killer.die() : undefined,
        );
        await toTheEnd(lab, story);
        wasReached = killer.deaths > 0;
        await requireEnd(lab, story, id);
        if (nth === 1) expect(wasReached).toBe(true);
      }
    }
  });

  it("is left alone where a reading fails, and goes on once it answers", async () => {
    const { lab, id } = await agreed(story);
    lab.changes();
    const restore = lab.account.platform.cloud.faults.before(({ operation }) => {
      if (operation === reading) throw new Error("the connection broke");
    });
    await carryOutThroughDeaths(lab, 6);
    expect(lab.changes()).toEqual([]);
    restore();
    await lab.pass(dayMs / 24);
    await toTheEnd(lab, story);
    await requireEnd(lab, story, id);
  });
});
