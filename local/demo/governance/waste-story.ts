/**
 * Waste lies about in an account: found with what it costs, agreed to by persons and by the hash of what they saw, and deleted with a
 * snapshot. What changed between consent and deletion is left alone.
 */
import { approvalPageSchema } from "../../../lambdas/api/schemas/approvals.ts";
import { wastePageSchema, type WasteFindingJson } from "../../../lambdas/api/schemas/waste.ts";
import { asOwner } from "../../lab/scenarios.ts";
import { forwardEvents, type LabAccount } from "../../lab/account.ts";
import { mutatingCallsSince, type Expectation } from "../story.ts";
import { ask, must, pass, type Answered } from "./governance-scene.ts";
import { everyPart } from "../../platform/customer-account.ts";

/** What a person asked the API for, and what it answered. */
interface Said {
  readonly who: string;
  readonly about: string;
  /** As shown by the finding. */
  readonly hash: string;
  readonly status: number;
  readonly answer: string;
}

export interface WasteEnding {
  readonly findings: readonly WasteFindingJson[];
  readonly offeredWrongly: readonly string[];
  readonly total: { readonly findings: number; readonly monthly_usd: number };
  readonly said: readonly Said[];
  /** Once what was agreed to is carried out. */
  readonly deleted: WasteFindingJson;
  readonly released: WasteFindingJson;
  readonly left: WasteFindingJson;
  readonly approvals: Readonly<Record<string, number>>;
  readonly scanChanges: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
}

export interface WasteReport {
  readonly expectations: readonly Expectation[];
  readonly ending?: WasteEnding;
  readonly error?: string;
}

/** Volumes must have been seen unattached for 14 days. */
const scannedDays = 15;
const carriedOutHours = 1;

/** As deployed it comes more often than a place is due, which is once a day. */
const scan = [{ name: "waste-scan-place", everyMinutes: 60 }] as const;
const carryOut = [{ name: "waste-carry-out", everyMinutes: 5 }] as const;

interface Things {
  /** The last copy of a volume that is gone, and what a cluster claims. */
  readonly neverOffered: readonly string[];
  readonly volume: string;
  readonly attachedLater: string;
  readonly address: string;
  readonly instance: string;
}

const strew = ({ platform, accountId, region }: LabAccount): Things => {
  const { control } = platform.ec2;
  const place = { accountId, region };
  const gone = "vol-0aaaaaaaaaaaaaaa1";
  const copies = [400, 300, 200].map((ageDays) =>
    control.addSnapshot({ ...place, volumeId: gone, ageDays, sizeGib: 80 }),
  );
  for (const month of [5, 4, 3, 2, 1]) {
    control.addImage({ ...place, name: `shop-2024-0${String(month)}`, ageDays: 800 - month * 30 });
  }
  const snapshotId = control.addSnapshot({ ...place, ageDays: 60, sizeGib: 40 });
  control.addFastRestore({ ...place, snapshotId, days: 30 });
  const ofCluster = control.addVolume({
    ...place,
    sizeGib: 50,
    tags: { CSIVolumeName: "pvc-7" },
  });
  return {
    neverOffered: [...copies.slice(-1), ofCluster],
    volume: control.addVolume({ ...place, sizeGib: 500, tags: { Name: "old-db", Owner: "shop" } }),
    attachedLater: control.addVolume({ ...place, sizeGib: 100, tags: { Name: "reports" } }),
    address: control.addAddress({ ...place, tags: { Name: "partner" } }),
    instance: control.addInstance({
      ...place,
      instanceType: "m5.large",
      tags: { team: "shop" },
      // As the volumes.
      zone: control.zones(accountId, region)[0]?.id ?? "",
    }),
  };
};

const list = async ({ api }: LabAccount, status?: WasteFindingJson["status"]) =>
  api.get(`/waste?limit=100${status === undefined ? "" : `&status=${status}`}`, wastePageSchema);

const findingOf = (findings: readonly WasteFindingJson[], resourceId: string): WasteFindingJson => {
  const finding = findings.find(({ resource_id: id }) => id === resourceId);
  if (finding === undefined) throw new Error(`${resourceId} is not among the findings.`);
  return finding;
};

interface Problem {
  readonly type?: string;
  readonly approval?: { readonly status: string };
  readonly next_step?: string;
}

const answerOf = ({ body }: Answered): string => {
  const { type, approval } = body as Problem;
  if (type !== undefined) return type.replace("urn:spot-optimizer:problem:", "");
  return approval?.status ?? "";
};

const approve = async (
  account: LabAccount,
  { finding_id: id, resource_id: about, bounds_hash: hash = "" }: WasteFindingJson,
  who: string,
): Promise<Said> => {
  const path = `/waste/${id}/approve`;
  const answered = await ask(account, {
    method: "POST",
    path,
    body: { bounds_hash: hash },
    by: who,
  });
  const { status } = answered;
  return { who, about, hash, status, answer: answerOf(answered) };
};

const setScanner = (account: LabAccount, settings: object): Promise<unknown> =>
  must(account, {
    method: "PUT",
    path: `/accounts/${account.accountId}/waste`,
    body: { enabled: true, ...settings },
    by: "eve",
  });

/** Eve has turned the scanner on; Ada and Grace approve. */
const agree = async (account: LabAccount, things: Things): Promise<readonly Said[]> => {
  const { items: seen } = await list(account);
  const own = await approve(account, findingOf(seen, things.volume), "eve");
  // Meanwhile she has the snapshots kept longer: what Ada has seen is no longer what would be done.
  await setScanner(account, { snapshot_days: 60 });
  const outdated = await approve(account, findingOf(seen, things.volume), "ada");
  const { items: now } = await list(account);
  const [volume, attached, address] = [things.volume, things.attachedLater, things.address].map(
    (id) => findingOf(now, id),
  ) as [WasteFindingJson, WasteFindingJson, WasteFindingJson];
  return [
    own,
    outdated,
    await approve(account, volume, "ada"),
    await approve(account, attached, "ada"),
    await approve(account, address, "ada"),
    await approve(account, address, "Ada"),
    await approve(account, address, "grace"),
  ];
};

const approvalsBy = async ({ api }: LabAccount): Promise<Readonly<Record<string, number>>> => {
  const { items } = await api.get("/approvals?limit=100", approvalPageSchema);
  const counts: Record<string, number> = {};
  for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const perform = async (
  account: LabAccount,
  onProgress: (text: string) => void,
): Promise<WasteEnding> => {
  const { platform } = account;
  // The customer's stack stands in this region too, with the rules of the Recycle Bin.
  await forwardEvents(account, everyPart);
  const things = strew(account);
  await setScanner(account, {});
  onProgress(`${String(scannedDays)} days of scans`);
  const first = platform.cloud.journal.length;
  await pass(account, scannedDays * 24, { coming: scan });
  const scanChanges = mutatingCallsSince(account, first);
  const { items: findings, total } = await list(account);
  onProgress("persons agree");
  const said = await agree(account, things);
  const owner = asOwner(account);
  await owner("AttachVolume", {
    VolumeId: things.attachedLater,
    InstanceId: things.instance,
    Device: "/dev/sdh",
  });
  onProgress("it is carried out");
  const second = platform.cloud.journal.length;
  await pass(account, carriedOutHours, { coming: carryOut });
  onProgress("");
  const { items: gone } = await list(account, "DELETED");
  const { items: closed } = await list(account, "CLOSED");
  return {
    findings,
    offeredWrongly: findings
      .map(({ resource_id: id }) => id)
      .filter((id) => things.neverOffered.includes(id)),
    total: total ?? { findings: findings.length, monthly_usd: 0 },
    said,
    deleted: findingOf(gone, things.volume),
    released: findingOf(gone, things.address),
    left: findingOf(closed, things.attachedLater),
    approvals: await approvalsBy(account),
    scanChanges,
    calls: mutatingCallsSince(account, second),
  };
};

const answers = ({ said }: WasteEnding): string =>
  said.map(({ who, answer }) => `${who}: ${answer}`).join("; ");

const sum = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((total, count) => total + count, 0);

const whereItIs = ({ deletion }: Pick<WasteFindingJson, "deletion">): string => {
  if (deletion === undefined) return "not deleted";
  const { snapshot_id: snapshotId = "none", bin_exits_at: until = "never" } = deletion;
  return `snapshot ${snapshotId}, in the bin until ${until}`;
};

const expectationsOf = (ending: WasteEnding): readonly Expectation[] => {
  const { deletion } = ending.deleted;
  return [
    {
      rule: "the scans changed nothing in the account",
      held: sum(ending.scanChanges) === 0,
      found: `${String(sum(ending.scanChanges))} mutating calls`,
    },
    {
      rule: "each finding has its cost from the price list",
      held: ending.findings.every(({ monthly_usd: cost }) => cost !== undefined),
      found: `${String(ending.findings.length)} findings`,
    },
    {
      rule: "the last copy of a volume that is gone, and what a cluster claims, are not offered",
      held: ending.offeredWrongly.length === 0,
      found: `${String(ending.offeredWrongly.length)} of them offered`,
    },
    {
      rule: "who makes the product ask does not agree himself, nobody agrees to what he has not seen, and an address takes two persons",
      held:
        ending.said.map(({ answer }) => answer).join() ===
        "own-request,bounds-changed,APPROVED,APPROVED,PENDING,approved-before,APPROVED",
      found: answers(ending),
    },
    {
      rule: "the volume went with a snapshot that is kept, and lies in the Recycle Bin",
      held: [deletion?.snapshot_id, deletion?.bin_exits_at].every((each) => each !== undefined),
      found: whereItIs(ending.deleted),
    },
    {
      rule: "what was attached after the consent is left alone, and the consent is used up",
      held: ending.left.closed !== undefined && ending.approvals["CONSUMED"] === 3,
      found: ending.left.closed?.why ?? ending.left.status,
    },
    {
      rule: "nothing else was deleted",
      held:
        ending.calls["DeleteVolume"] === 1 &&
        ending.calls["ReleaseAddress"] === 1 &&
        ending.calls["DeleteSnapshot"] === undefined,
      found: Object.entries(ending.calls)
        .map(([name, count]) => `${name} ${String(count)}`)
        .join(", "),
    },
  ];
};

/** Never throws: what went wrong is part of the report. */
export const tellWaste = async (
  openStage: () => Promise<LabAccount>,
  onProgress: (text: string) => void,
): Promise<WasteReport> => {
  try {
    const ending = await perform(await openStage(), onProgress);
    return { ending, expectations: expectationsOf(ending) };
  } catch (error) {
    return { expectations: [], error: error instanceof Error ? error.message : String(error) };
  }
};
