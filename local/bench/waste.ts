/**
 * What the waste scanner asks of AWS for an account of 10,000 resources: pages of its lists, on a day on which nothing is due; and look-ups
 * of each candidate, on the day on which all are. Both are the journal's of the simulated cloud.
 */
import { wastePageSchema } from "../../lambdas/api/schemas/waste.ts";
import { seededMarket } from "../cloud/market/seeded.ts";
import { openAccount, type LabAccount } from "../lab/account.ts";
import { everyPart } from "../platform/customer-account.ts";

export const wasteAims = { pages: 30, lookUpsPerCandidate: 4 } as const;

export interface WasteFigures {
  readonly resources: number;
  readonly pages: number;
  readonly candidates: number;
  readonly lookUps: number;
  readonly lookUpsPerCandidate: number;
  /** By operation, on the two days. */
  readonly callsByOperation: Readonly<Record<string, number>>;
  readonly meets: { readonly pages: boolean; readonly lookUps: boolean };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What is young is not looked up. */
const youngDays = 10;

/** Of 10,000 resources; a smaller account has as much of each in proportion. */
const shares = {
  youngSnapshots: 5060,
  clusterVolumes: 3000,
  images: 800,
  interfaces: 200,
} as const;
const whole = 10_000;

/** So many of each may be waste, whatever the account's size. */
const candidates = {
  lineages: 20,
  families: 5,
  volumes: 20,
  addresses: 10,
  fastRestores: 5,
} as const;

/** How many there are. */
const furnish = ({ platform, accountId, region }: LabAccount, resources: number): number => {
  const { control } = platform.ec2;
  const place = { accountId, region };
  let made = 0;
  const repeat = (count: number, make: (index: number) => unknown): void => {
    for (let index = 0; index < count; index += 1) make(index);
    made += count;
  };
  const share = (of: number): number => Math.round((of * resources) / whole);
  repeat(share(shares.youngSnapshots), () => control.addSnapshot({ ...place, ageDays: youngDays }));
  repeat(share(shares.clusterVolumes), (index) =>
    control.addVolume({ ...place, tags: { CSIVolumeName: `pvc-${String(index)}` } }),
  );
  // Each with a snapshot of its own.
  repeat(share(shares.images), (index) =>
    control.addImage({ ...place, name: `young-${String(index)}`, ageDays: youngDays }),
  );
  made += share(shares.images);
  repeat(share(shares.interfaces), () => control.addInterface({ ...place }));
  // Of three copies of a volume that is gone the newest is none.
  repeat(candidates.lineages * 3, (index) =>
    control.addSnapshot({
      ...place,
      volumeId: `vol-0${String(Math.floor(index / 3)).padStart(16, "0")}`,
      ageDays: 200 + (index % 3) * 30,
    }),
  );
  // Of four images of a family the newest three are none.
  repeat(candidates.families * 4, (index) =>
    control.addImage({
      ...place,
      name: `old${String(Math.floor(index / 4))}-2024-0${String(1 + (index % 4))}`,
      ageDays: 400 - (index % 4) * 30,
    }),
  );
  made += candidates.families * 4;
  repeat(candidates.volumes, () => control.addVolume({ ...place, sizeGib: 200 }));
  repeat(candidates.addresses, () => control.addAddress({ ...place }));
  repeat(candidates.fastRestores, () =>
    control.addFastRestore({
      ...place,
      snapshotId: control.addSnapshot({ ...place, ageDays: youngDays }),
      days: 30,
    }),
  );
  return made + candidates.fastRestores;
};

const scan = async ({ clock, platform, accountId }: LabAccount, days: number) => {
  await clock.run({ atMostMs: clock.now() + days * dayMs + hourMs });
  const first = platform.cloud.journal.length;
  await platform.functions.invoke("waste-scan-place", {});
  return platform.cloud.journal
    .slice(first)
    .filter((entry) => entry.accountId === accountId && entry.sessionName !== undefined);
};

const countBy = (operations: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const operation of operations) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
};

const listed = async ({ api }: LabAccount, statuses: readonly string[]): Promise<number> => {
  let count = 0;
  for (const status of statuses) {
    const { total } = await api.get(`/waste?status=${status}`, wastePageSchema);
    count += total?.findings ?? 0;
  }
  return count;
};

/** Days that the last of them must be seen. */
const longestDays = 14;

export const measureWaste = async (resources = whole): Promise<WasteFigures> => {
  const account = await openAccount({
    market: seededMarket({ seed: 1 }),
    seed: 1,
    startMs: Date.parse("2026-03-02T09:00:00Z"),
    region: "us-east-1",
    version: "bench",
    name: "bench",
    front: "direct",
    parameters: everyPart,
  });
  const there = furnish(account, resources);
  const path = `/accounts/${account.accountId}/waste`;
  await account.api.send({ method: "PUT", path, body: { enabled: true } });
  // Snapshots and images are due at first sight; the others once their days are over.
  const first = await scan(account, 0);
  const pages = (await scan(account, 1)).length;
  for (let day = 2; day < longestDays; day += 1) await scan(account, 1);
  const calls = await scan(account, 1);
  const found = await listed(account, ["SEEN", "KEPT", "OFFERED", "REPORTED"]);
  // Of those of the first day some are looked at again: no fewer than it takes.
  const lookUps = first.length + calls.length - 2 * pages;
  return {
    resources: there,
    pages,
    candidates: found,
    lookUps,
    lookUpsPerCandidate: lookUps / found,
    callsByOperation: countBy([...first, ...calls].map(({ operation }) => operation)),
    meets: {
      pages: pages <= wasteAims.pages,
      lookUps: lookUps <= wasteAims.lookUpsPerCandidate * found,
    },
  };
};
