import { describe, expect, it } from "@jest/globals";
import { claimOf, type Claimant } from "../../../../core/decide/linear/claim-of.ts";
import { accountIdSchema, instanceIdSchema } from "../../../../core/model/ids.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import type { TaggedKind, TaggedThing } from "../../../../core/model/tagged-thing.ts";

const endedAt = "2026-03-02T10:00:00.000Z";
const plannedAt = "2026-03-02T09:10:00.000Z";
const originalId = instanceIdSchema.parse("i-00000000000000001");

const intent = (change: IntentChange, rest: Partial<Intent> = {}): Intent => ({
  id: change.kind,
  status: "COMMITTED",
  fence: 1,
  plannedAt,
  change,
  ...rest,
});

const claimant = (intents: readonly Intent[]): Claimant => ({
  evaluation: {
    subject: {
      kind: "INSTANCE",
      accountId: accountIdSchema.parse("444455556666"),
      region: "us-east-1",
      instanceId: originalId,
    },
    endedAt,
  },
  intents,
});

const thing = (kind: TaggedKind, id: string, rest: Partial<TaggedThing> = {}): TaggedThing => ({
  kind,
  id,
  state: "available",
  tags: {},
  ...rest,
});

const launch = {
  kind: "LAUNCH_INSTANCE",
  clientToken: "token-1",
  poolKey: "pool",
  imageId: "ami-1",
  subnetId: "subnet-1",
} as const satisfies IntentChange;
const imaging = {
  kind: "CREATE_IMAGE",
  purpose: "final",
  imageName: "evl-final",
} as const satisfies IntentChange;
const reservation = {
  kind: "RESERVE_CAPACITY",
  clientToken: "token-2",
  instanceType: "m5.large",
  zoneName: "us-east-1a",
  platform: "Linux/UNIX",
  tenancy: "default",
  endsAt: endedAt,
  dueAt: endedAt,
} as const satisfies IntentChange;
const isolation = {
  kind: "ISOLATE",
  groupName: "isolation",
  vpcId: "vpc-1",
  dueAt: endedAt,
} as const satisfies IntentChange;
const move = {
  kind: "MOVE_VOLUME",
  volumeId: "vol-1",
  fromInstanceId: originalId,
  toInstanceId: "i-2",
  deviceName: "/dev/sdb",
  deleteOnTermination: false,
} as const satisfies IntentChange;
const keptRoot = {
  kind: "KEEP_WRITES",
  instanceId: "i-2",
  volumeId: "vol-2",
  since: endedAt,
} as const satisfies IntentChange;
const movedInterface = {
  kind: "MOVE_INTERFACE",
  networkInterfaceId: "eni-1",
  fromInstanceId: originalId,
  toInstanceId: "i-2",
  deviceIndex: 1,
  deleteOnTermination: false,
} as const satisfies IntentChange;

describe("a thing is claimed", () => {
  it.each<[string, TaggedThing, IntentChange]>([
    ["an instance by its id", thing("instance", "i-2"), { ...launch, instanceId: "i-2" }],
    ["an instance by its token", thing("instance", "i-2", { clientToken: "token-1" }), launch],
    ["an image by its id", thing("image", "ami-2"), { ...imaging, imageId: "ami-2" }],
    ["an image by its name", thing("image", "ami-2", { name: "evl-final" }), imaging],
    [
      "an image that is to expire",
      thing("image", "ami-2"),
      { kind: "EXPIRE_IMAGE", imageId: "ami-2", dueAt: endedAt },
    ],
    [
      "a snapshot of an image",
      thing("snapshot", "snap-1", { imageId: "ami-2" }),
      { ...imaging, imageId: "ami-2" },
    ],
    [
      "a snapshot that is remembered",
      thing("snapshot", "snap-1"),
      { ...imaging, snapshotIds: ["snap-1"] },
    ],
    [
      "a Spot request by its id",
      thing("spot-instances-request", "sir-1"),
      { ...launch, spotRequestId: "sir-1" },
    ],
    [
      "a Spot request by its instance",
      thing("spot-instances-request", "sir-1", { instanceId: "i-2" }),
      { ...launch, instanceId: "i-2" },
    ],
    [
      "a reservation by its id",
      thing("capacity-reservation", "cr-1"),
      { ...reservation, reservationId: "cr-1" },
    ],
    ["a reservation of which no id is known", thing("capacity-reservation", "cr-1"), reservation],
    ["a group by its id", thing("security-group", "sg-1"), { ...isolation, groupId: "sg-1" }],
    ["a group by its name", thing("security-group", "sg-1", { name: "isolation" }), isolation],
    [
      "a group of reservations by its name",
      thing("resource-group", "g", { name: "g" }),
      { kind: "GROUP_CAPACITY", groupName: "g" },
    ],
    ["a volume that was moved", thing("volume", "vol-1"), move],
    ["a volume with writes that were kept", thing("volume", "vol-2"), keptRoot],
    ["an interface that was moved", thing("network-interface", "eni-1"), movedInterface],
  ])("%s", (_, found, change) => {
    expect(claimOf(found, { claimant: claimant([intent(change)]), isHeld: false })).toEqual({
      kind: "CLAIMED",
    });
    expect(claimOf(found, { claimant: claimant([]), isHeld: false })).toEqual({
      kind: "UNCLAIMED",
      reason: "NO_INTENT",
      since: endedAt,
    });
  });

  it("as long as its evaluation goes on", () => {
    const { evaluation } = claimant([]);
    const { endedAt: _ended, ...open } = evaluation;
    const found = thing("instance", "i-9");
    expect(claimOf(found, { claimant: { evaluation: open, intents: [] }, isHeld: false })).toEqual({
      kind: "CLAIMED",
    });
  });

  it.each([
    ["the original", thing("instance", originalId)],
    ["what the original has", thing("volume", "vol-9", { instanceId: originalId })],
  ])("where it is %s, which carries our tags since it was retired", (_, found) => {
    expect(claimOf(found, { claimant: claimant([]), isHeld: false }).kind).toBe("CLAIMED");
  });

  it("with what holds it, though the store knows nothing of its evaluation", () => {
    const found = thing("volume", "vol-9", { instanceId: "i-9" });
    expect(claimOf(found, { claimant: undefined, isHeld: true }).kind).toBe("CLAIMED");
    expect(claimOf(found, { claimant: undefined, isHeld: false })).toEqual({
      kind: "UNCLAIMED",
      reason: "NO_EVALUATION",
    });
  });
});

describe("what an undone intent has made", () => {
  const undoneAt = "2026-03-02T12:00:00.000Z";

  it.each<[string, TaggedThing, IntentChange]>([
    ["an instance", thing("instance", "i-2"), { ...launch, instanceId: "i-2" }],
    ["an image", thing("image", "ami-2", { name: "evl-final" }), imaging],
    ["a reservation", thing("capacity-reservation", "cr-1"), reservation],
    ["a group", thing("security-group", "sg-1", { name: "isolation" }), isolation],
  ])("is not claimed where it is there still: %s", (_, found, change) => {
    const undone = intent(change, { status: "UNDONE", undoneAt });
    expect(claimOf(found, { claimant: claimant([undone]), isHeld: false })).toEqual({
      kind: "UNCLAIMED",
      reason: "UNDONE",
      since: undoneAt,
    });
  });

  it.each<[string, TaggedThing, IntentChange]>([
    ["a volume that was its owner's", thing("volume", "vol-1"), move],
    ["the last writes", thing("volume", "vol-2"), keptRoot],
    ["an interface", thing("network-interface", "eni-1"), movedInterface],
    [
      "a group at which an original is pointed",
      thing("resource-group", "g", { name: "g" }),
      { kind: "GROUP_CAPACITY", groupName: "g" },
    ],
  ])("is claimed for good where it was not to go: %s", (_, found, change) => {
    const undone = intent(change, { status: "UNDONE", undoneAt });
    expect(claimOf(found, { claimant: claimant([undone]), isHeld: false }).kind).toBe("CLAIMED");
  });
});

it("a copy of what we made that another holds is claimed by nothing: a name, an id and a token are one thing's alone", () => {
  const made = [
    intent({ ...launch, instanceId: "i-2", spotRequestId: "sir-1" }),
    intent({ ...imaging, imageId: "ami-2", snapshotIds: ["snap-1"] }),
    intent({ ...reservation, reservationId: "cr-1" }),
    intent({ ...isolation, groupId: "sg-1" }),
    intent(move),
  ];
  const copies = [
    thing("instance", "i-3", { clientToken: "token-9" }),
    thing("instance", "i-3"),
    thing("image", "ami-3", { name: "golden" }),
    thing("snapshot", "snap-2", { imageId: "ami-3" }),
    thing("snapshot", "snap-3"),
    thing("volume", "vol-3", { instanceId: "i-3" }),
    thing("capacity-reservation", "cr-2"),
    thing("security-group", "sg-2", { name: "web" }),
    thing("spot-instances-request", "sir-2", { instanceId: "i-3" }),
  ];
  for (const copy of copies) {
    expect(claimOf(copy, { claimant: claimant(made), isHeld: false })).toMatchObject({
      kind: "UNCLAIMED",
      reason: "NO_INTENT",
    });
  }
});
