/** Resources as a reading shows them, and what stands around them. */
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { OwnAddress } from "../../../core/model/waste/address.ts";
import type { OwnImage } from "../../../core/model/waste/image.ts";
import type { WastePrices } from "../../../core/model/waste/price.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import type { OwnSnapshot } from "../../../core/model/waste/snapshot.ts";
import type { OwnVolume } from "../../../core/model/waste/volume.ts";
import type { Inventory, InventoryView } from "../../../core/waste/inventory.ts";
import type { SeenResource } from "../../../core/waste/reading.ts";
import { judgeInventory } from "../../../core/waste/inventory.ts";

export const place = { accountId: accountIdSchema.parse("444455556666"), region: "us-east-1" };
const start = Date.parse("2026-03-02T09:00:00Z");
const dayMs = 86_400_000;
export const day = (days: number): Date => new Date(start + days * dayMs);
export const iso = (days: number): string => day(days).toISOString();

export const settings: WasteSettings = { enabled: true, updatedAt: iso(0) };

const prices: WastePrices = {
  region: "us-east-1",
  publishedAt: iso(-10),
  idleAddress: { usd: 0.005, unit: "Hrs" },
  volumes: new Map([["gp3", { usd: 0.08, unit: "GB-Mo" }]]),
  iops: new Map([["gp3", { usd: 0.005, unit: "IOPS-Mo" }]]),
  throughput: { usd: 40.96, unit: "GiBps-mo" },
  snapshot: { usd: 0.05, unit: "GB-Mo" },
  fastRestore: { usd: 0.75, unit: "Hrs" },
  natGateway: { usd: 0.045, unit: "Hrs" },
  loadBalancers: new Map([["application", { usd: 0.0225, unit: "Hrs" }]]),
};

export const address = (rest: Partial<OwnAddress> = {}): OwnAddress => ({
  allocationId: "eipalloc-0000000000000000a",
  publicIp: "198.51.100.7",
  publicIpv4Pool: "amazon",
  tags: {},
  ...rest,
});

export const volume = (rest: Partial<OwnVolume> = {}): OwnVolume => ({
  volumeId: "vol-0000000000000000a",
  state: "available",
  sizeGib: 100,
  volumeType: "gp3",
  iops: 3000,
  throughputMibps: 125,
  zoneName: "us-east-1a",
  createdAt: iso(-400),
  instanceIds: [],
  isEncrypted: false,
  isMultiAttach: false,
  isOnOutpost: false,
  isOperatorManaged: false,
  isFastRestored: false,
  tags: {},
  ...rest,
});

export const snapshot = (rest: Partial<OwnSnapshot> = {}): OwnSnapshot => ({
  snapshotId: "snap-0000000000000000a",
  state: "completed",
  volumeId: "vol-0000000000000000a",
  isCopy: false,
  description: "",
  sizeGib: 100,
  startedAt: iso(-400),
  isEncrypted: false,
  tier: "standard",
  isOnOutpost: false,
  tags: {},
  ...rest,
});

export const image = (rest: Partial<OwnImage> = {}): OwnImage => ({
  imageId: "ami-0000000000000000a",
  name: "web-2025-01-01",
  state: "available",
  createdAt: iso(-400),
  lastLaunchedAt: iso(-200),
  isPublic: false,
  isDeregistrationProtected: false,
  productCodes: [],
  snapshotIds: [],
  tags: {},
  ...rest,
});

/** Three newer ones of its name: it is not among the newest. */
export const newerImages = [1, 2, 3].map((month) =>
  image({
    imageId: `ami-0000000000000000${String(month)}`,
    name: `web-2026-0${String(month)}-01`,
    createdAt: iso(-month),
    lastLaunchedAt: iso(-1),
  }),
);

export const nothing: Inventory = {
  addresses: { addresses: [], transfers: [], reverseNames: new Map() },
  interfaces: [],
  volumes: [],
  snapshots: [],
  locks: [],
  fastRestores: [],
  images: [],
  configurations: [],
  templates: [],
  protectedArns: new Set(),
  backupSelections: [],
  stopped: [],
  natGateways: [],
  natRoutes: [],
  loadBalancers: [],
  endpointServices: new Map(),
};

const view = (rest: Partial<InventoryView> = {}): InventoryView => ({
  place,
  settings,
  claimedIds: new Set(),
  prices,
  now: day(0),
  ...rest,
});

export const judge = (
  lists: Partial<Inventory>,
  rest: Partial<InventoryView> = {},
): readonly SeenResource[] => judgeInventory({ ...nothing, ...lists }, view(rest)).seen;

/** `IDLE`, `USED`, or the codes of what keeps it. */
export const standingOf = (
  lists: Partial<Inventory>,
  { kind, id }: { readonly kind: SeenResource["kind"]; readonly id: string },
  rest: Partial<InventoryView> = {},
): string => {
  const found = judge(lists, rest).find((one) => one.kind === kind && one.resourceId === id);
  if (found === undefined) return "NOT SEEN";
  const { judgement } = found;
  return judgement.kind === "KEPT"
    ? judgement.reasons.map(({ code }) => code).join(" ")
    : judgement.kind;
};
