import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type {
  RollbackAction,
  RollbackInput,
  RollbackPlan,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import type { RefusedAction } from "../../../../../core/decide/switch/undo-plan.ts";
import {
  atHome,
  bare,
  before,
  changes,
  groupArn,
  intentOf,
  launchWithoutAnswer,
  original,
  replacement,
} from "./samples.ts";

const plan = (change: Partial<RollbackInput>): RollbackPlan =>
  planRollback({ ...atHome, ...change });

const acts = (action: object): object => ({ kind: "ACT", action: expect.objectContaining(action) });
const waits = (text: string, more: object = {}): object =>
  expect.objectContaining({ kind: "WAIT", sentence: expect.stringContaining(text), ...more });
const needsOperator = (...texts: readonly string[]): object => ({
  kind: "NEEDS_OPERATOR",
  sentence: expect.stringMatching(texts.map((text) => text.replace(/[.$()]/g, "\\$&")).join(".*")),
});

const launch = intentOf(changes.launch);
const stop = intentOf(changes.stop);
const running = bare(replacement);
const [volume] = atHome.volumes;
const stopped = { ...before, state: "stopped" } as const;
const image = { imageId: "ami-warm", state: "pending", snapshotIds: ["snap-1"] };

type Row = readonly [string, Partial<RollbackInput>, object];

describe("planRollback: nothing to do", () => {
  it.each<Row>([
    ["nothing was planned", {}, { kind: "DONE" }],
    ["nothing was planned, and the original is gone", { original: undefined }, { kind: "DONE" }],
    [
      "a launch was planned and never acted",
      { intents: [intentOf(launchWithoutAnswer, "PLANNED")] },
      { kind: "DONE" },
    ],
    [
      "a stop was planned and never acted",
      { intents: [intentOf(changes.stop, "PLANNED")] },
      { kind: "DONE" },
    ],
    [
      "the replacement is gone and all is back",
      { intents: [launch, stop], replacements: [bare(replacement, "terminated")] },
      { kind: "DONE" },
    ],
  ])("is done when %s", (_name, change, expected) => {
    expect(plan(change)).toEqual(expected);
  });
});

describe("planRollback: what comes before all", () => {
  it.each<Row>([
    [
      "undoes nothing of a switch that is committed, even in part",
      { intents: [intentOf(changes.launch, "COMMITTED"), stop], replacements: [running] },
      needsOperator(original, "launch_instance-1"),
    ],
    [
      "takes the original from the janitor first",
      { intents: [launch, stop, intentOf(changes.retire, "PLANNED")], original: undefined },
      acts({ kind: "CANCEL_RETIREMENT", undoes: "retire_original-1" }),
    ],
    ["does so once", { intents: [intentOf(changes.retire, "UNDONE")] }, { kind: "DONE" }],
    [
      "touches nothing while EC2 does not show the original",
      { intents: [launch, stop], original: undefined, replacements: [running] },
      waits(original),
    ],
  ])("%s", (_name, change, expected) => {
    expect(plan(change)).toEqual(expected);
  });

  it.each(["terminated", "shutting-down"] as const)(
    "keeps replacement and image when the original is %s, and names both and what to do",
    (state) => {
      const intents = [launch, stop, intentOf(changes.address)];
      expect(
        plan({
          intents,
          original: { ...before, state },
          replacements: [running, bare("i-0c", "terminated")],
          images: [image],
        }),
      ).toEqual(
        needsOperator(`${original} is ${state}`, `${replacement} (running)`, "ami-warm", "Next:"),
      );
    },
  );

  it("points to the image when no replacement is left either", () => {
    const gone = { ...before, state: "terminated" } as const;
    expect(plan({ intents: [stop], original: gone, images: [image] })).toEqual(
      needsOperator("ami-warm", "launch a new instance from the image"),
    );
  });
});

describe("planRollback: many parts of one kind", () => {
  const ids = Array.from({ length: 70 }, (_, index) => `vol-${String(index)}`);
  const intents = [
    launch,
    stop,
    ...ids.map((volumeId) => intentOf({ ...changes.volume, volumeId })),
    intentOf(changes.interface),
  ];
  const held = { attachedTo: replacement, attachmentState: "attached", deviceName: "/dev/sdf" };
  const at = (more: object) => (volumeId: string) => ({ volumeId, state: "in-use", ...more });
  const named = (made: RollbackPlan): readonly RollbackAction[] =>
    made.kind === "ACT" ? [made.action, ...(made.alike ?? [])] : [];

  it("are detached together, as many as EC2 takes at once, and none twice", () => {
    const [half, rest] = [ids.slice(0, 30), ids.slice(30)];
    const actions = named(
      plan({
        intents,
        original: stopped,
        replacements: [running],
        volumes: [
          ...half.map(at({ ...held, attachmentState: "detaching" })),
          ...rest.map(at(held)),
        ],
      }),
    );
    expect(actions.every(({ kind }) => kind === "DETACH_VOLUME")).toBe(true);
    expect(actions.map((each) => ("volumeId" in each ? each.volumeId : ""))).toEqual(
      rest.slice(0, 25),
    );
  });

  it("are of one kind: what has another name waits for the next plan", () => {
    const [first = "", second = ""] = ids;
    const actions = named(
      plan({
        intents,
        original: stopped,
        replacements: [running],
        volumes: [
          ...ids.slice(2).map(at(held)),
          ...[first, second].map(at({ state: "available" })),
        ],
      }),
    );
    expect(actions.map(({ kind }) => kind)).toEqual(["ATTACH_VOLUME", "ATTACH_VOLUME"]);
  });
});

const orphan = {
  ...bare("i-0c"),
  networkInterfaces: [{ networkInterfaceId: "eni-c", privateAddresses: [] }],
};

const addressRows = (): readonly Row[] => {
  const intents = [launch, stop, intentOf(changes.address)];
  const home = {
    kind: "RETURN_ADDRESS",
    allocationId: "eipalloc-1",
    networkInterfaceId: "eni-a",
    privateIp: "10.0.0.5",
  };
  const pointing = (networkInterfaceId?: string, privateIp?: string): Partial<RollbackInput> => ({
    intents,
    replacements: [running],
    addresses: [
      {
        allocationId: "eipalloc-1",
        ...(networkInterfaceId !== undefined && {
          networkInterfaceId,
          associationId: "eipassoc-9",
        }),
        ...(privateIp !== undefined && { privateIp }),
      },
    ],
  });

  return [
    ["returns one that points to nothing", pointing(), acts(home)],
    ["returns one from the replacement", pointing("eni-b", "10.0.0.20"), acts(home)],
    [
      "returns one from an orphan that only its tag shows",
      { ...pointing("eni-c", "10.0.0.30"), replacements: [running, orphan] },
      acts(home),
    ],
    [
      "returns one to a stopped original, before the start",
      { ...pointing("eni-b", "10.0.0.20"), original: stopped },
      acts(home),
    ],
    [
      "goes on when it is home",
      pointing("eni-a", "10.0.0.5"),
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "never takes one from somebody else, and keeps the replacement",
      pointing("eni-foreign", "10.0.9.9"),
      needsOperator("eipalloc-1 points to eni-foreign", replacement),
    ],
    [
      "starts the original even so",
      { ...pointing("eni-foreign", "10.0.9.9"), original: stopped },
      acts({ kind: "START_ORIGINAL", instanceId: original }),
    ],
    [
      "tells of one that was released",
      { intents, replacements: [running], addresses: [] },
      needsOperator("eipalloc-1 is no longer there"),
    ],
  ];
};

describe("planRollback: Elastic IPs", () => {
  it.each(addressRows())("%s", (_name, change, expected) => {
    expect(plan(change)).toEqual(expected);
  });
});

const privateIpRows = (): readonly Row[] => {
  const held = (...byId: readonly (readonly [string, readonly string[]])[]) =>
    byId.map(([networkInterfaceId, privateIps]) => ({ networkInterfaceId, privateIps }));
  const back = acts({
    kind: "RETURN_PRIVATE_IPS",
    networkInterfaceId: "eni-a",
    privateIps: ["10.0.0.6"],
  });
  const follower = { allocationId: "eipalloc-2" };

  return [
    [
      "returns them from the replacement",
      { interfaces: held(["eni-a", ["10.0.0.5"]], ["eni-b", ["10.0.0.20", "10.0.0.6"]]) },
      back,
    ],
    ["returns them when nobody has them", { interfaces: held(["eni-a", ["10.0.0.5"]]) }, back],
    [
      "returns the private address before the Elastic IP that belongs to it",
      { interfaces: held(["eni-a", ["10.0.0.5"]]), addresses: [follower] },
      back,
    ],
    [
      "returns an Elastic IP that came loose with the private address, though no intent names it",
      { addresses: [follower] },
      acts({
        kind: "RETURN_ADDRESS",
        allocationId: "eipalloc-2",
        networkInterfaceId: "eni-a",
        privateIp: "10.0.0.6",
      }),
    ],
    [
      "never takes one from somebody else",
      { interfaces: held(["eni-a", ["10.0.0.5"]], ["eni-foreign", ["10.0.0.6"]]) },
      needsOperator("10.0.0.6", "somebody else", replacement),
    ],
    [
      "starts the original even when somebody else has a private address and its Elastic IP is loose",
      {
        original: stopped,
        interfaces: held(["eni-a", ["10.0.0.5"]], ["eni-foreign", ["10.0.0.6"]]),
        addresses: [follower],
      },
      acts({ kind: "START_ORIGINAL" }),
    ],
  ];
};

describe("planRollback: private addresses", () => {
  const intents = [launch, stop, intentOf(changes.privateIps)];
  it.each(privateIpRows())("%s", (_name, change, expected) => {
    expect(plan({ intents, replacements: [running], ...change })).toEqual(expected);
  });
});

const attachmentIntents = [
  launch,
  stop,
  intentOf(changes.volume),
  intentOf(changes.interface, "PLANNED"),
];
const vol = (change: object): Partial<RollbackInput> => ({
  volumes: [{ volumeId: "vol-1", state: "in-use", ...change }],
});
const eni = (change: object): Partial<RollbackInput> => ({
  interfaces: [{ networkInterfaceId: "eni-moving", privateIps: ["10.0.0.7"], ...change }],
});

const attachmentRows: readonly Row[] = [
  [
    "attaches a volume that is attached to nothing",
    vol({ state: "available" }),
    acts({
      kind: "ATTACH_VOLUME",
      volumeId: "vol-1",
      instanceId: original,
      deviceName: "/dev/sdf",
    }),
  ],
  [
    "detaches a volume from the running replacement",
    vol({ attachedTo: replacement }),
    acts({ kind: "DETACH_VOLUME", volumeId: "vol-1", instanceId: replacement }),
  ],
  [
    "leaves it there until the original can take it",
    { ...vol({ attachedTo: replacement }), original: { ...before, state: "stopping" } },
    waits("stopping"),
  ],
  [
    "waits while the original is stopping before it attaches",
    { ...vol({ state: "available" }), original: { ...before, state: "stopping" } },
    waits("stopping"),
  ],
  [
    "waits for a detachment under way",
    vol({ attachedTo: replacement, attachmentState: "detaching" }),
    waits("vol-1 is detaching"),
  ],
  [
    "waits for a replacement that goes down with the volume",
    { ...vol({ attachedTo: replacement }), replacements: [bare(replacement, "shutting-down")] },
    waits("vol-1 comes free"),
  ],
  [
    "waits for a volume that EC2 does not show, and does not start without it",
    { original: stopped, volumes: [] },
    waits("vol-1"),
  ],
  ["waits for a volume in between", vol({ state: "in-use" }), waits("vol-1 is in-use")],
  [
    "does not start the original without a volume that somebody else has",
    { ...vol({ attachedTo: "i-0f" }), original: stopped },
    needsOperator("vol-1 is attached to i-0f", "is stopped"),
  ],
  [
    "does not start the original without a volume that is lost",
    { ...vol({ state: "error" }), original: stopped },
    needsOperator("vol-1 is in state error"),
  ],
  [
    "restores what happens to the volume at termination",
    { volumes: [{ ...volume, volumeId: "vol-1", state: "in-use", deleteOnTermination: false }] },
    acts({ kind: "RESTORE_VOLUME_DELETION", deviceName: "/dev/sdf", deleteOnTermination: true }),
  ],
  [
    "detaches an interface from the replacement",
    eni({ attachedTo: replacement, attachmentId: "attach-9" }),
    acts({
      kind: "DETACH_INTERFACE",
      networkInterfaceId: "eni-moving",
      attachmentId: "attach-9",
    }),
  ],
  [
    "attaches an interface that is attached to nothing, at its old index",
    eni({}),
    acts({ kind: "ATTACH_INTERFACE", networkInterfaceId: "eni-moving", deviceIndex: 1 }),
  ],
  [
    "waits for the attachment id",
    eni({ attachedTo: replacement }),
    waits("eni-moving shows no attachment id"),
  ],
  [
    "restores what happens to the interface at termination",
    eni({ attachedTo: original, attachmentId: "attach-9", deleteOnTermination: true }),
    acts({
      kind: "RESTORE_INTERFACE_DELETION",
      attachmentId: "attach-9",
      deleteOnTermination: false,
    }),
  ],
  [
    "leaves an interface that somebody else has",
    eni({ attachedTo: "i-0f", attachmentId: "attach-9" }),
    needsOperator("eni-moving is attached to i-0f"),
  ],
  ["tells of an interface that is gone", { interfaces: [] }, needsOperator("eni-moving")],
  [
    "does what can be done before it waits for the rest",
    { ...vol({ attachedTo: replacement, attachmentState: "detaching" }), ...eni({}) },
    acts({ kind: "ATTACH_INTERFACE" }),
  ],
];

describe("planRollback: volumes and interfaces", () => {
  it.each(attachmentRows)("%s", (_name, change, expected) => {
    expect(plan({ intents: attachmentIntents, replacements: [running], ...change })).toEqual(
      expected,
    );
  });
});

const originalRows = (): readonly Row[] => {
  const intents = [launch, intentOf(changes.stop, "PLANNED")];

  return [
    [
      "starts it when we stopped it, and before the replacement goes",
      { intents, original: stopped },
      acts({ kind: "START_ORIGINAL", instanceId: original }),
    ],
    [
      "waits while it stops",
      { intents, original: { ...before, state: "stopping" } },
      waits("stopping"),
    ],
    [
      "waits while it starts",
      { intents, original: { ...before, state: "pending" } },
      waits("pending"),
    ],
    [
      "does not start what its owner stopped, when nothing of it moved",
      { intents: [launch], original: stopped },
      acts({ kind: "TERMINATE_REPLACEMENT", instanceId: replacement }),
    ],
    [
      "leaves the choice to a person when its owner stopped it and its identity had moved",
      { intents: [launch, intentOf(changes.address)], original: stopped },
      needsOperator("somebody else stopped it", replacement),
    ],
    [
      "waits for its checks, where they were read, before anything is terminated",
      { intents, isOriginalHealthy: false },
      waits("checks"),
    ],
  ];
};

describe("planRollback: the original", () => {
  it.each(originalRows())("%s", (_name, change, expected) => {
    expect(plan({ replacements: [running], ...change })).toEqual(expected);
  });
});

const groupRows = (): readonly Row[] => {
  const group = (instanceIds: readonly string[], readyInstanceIds?: readonly string[]) => ({
    targetGroups: [
      { arn: groupArn, port: 80, instanceIds, ...(readyInstanceIds && { readyInstanceIds }) },
    ],
  });

  return [
    [
      "registers the original once it runs",
      group([replacement]),
      acts({ kind: "RETURN_TARGET_GROUP", arn: groupArn, port: 80, instanceId: original }),
    ],
    [
      "starts it before that: a target group takes running instances only",
      { ...group([replacement]), original: stopped },
      acts({ kind: "START_ORIGINAL" }),
    ],
    [
      "leaves the replacement in until the original is healthy there",
      group([replacement, original], [replacement]),
      waits("not healthy"),
    ],
    [
      "takes the replacement out then, and before it is terminated",
      group([replacement, original], [replacement, original]),
      acts({ kind: "LEAVE_TARGET_GROUP", instanceId: replacement }),
    ],
    ["tells of a group that is gone", { targetGroups: [] }, needsOperator(groupArn, replacement)],
    [
      "leaves other members alone",
      group([original, "i-0f"]),
      acts({ kind: "TERMINATE_REPLACEMENT", instanceId: replacement }),
    ],
  ];
};

describe("planRollback: target groups", () => {
  const intents = [launch, stop, intentOf(changes.targetGroup)];
  it.each(groupRows())("%s", (_name, change, expected) => {
    expect(plan({ intents, replacements: [running], ...change })).toEqual(expected);
  });
});

describe("planRollback: a replacement that drains", () => {
  const intents = [launch, intentOf(changes.targetGroup)];
  const drains = (instanceId: string): Partial<RollbackInput> => ({
    targetGroups: [
      { arn: groupArn, port: 80, instanceIds: [original], drainingInstanceIds: [instanceId] },
    ],
  });
  const terminates = acts({ kind: "TERMINATE_REPLACEMENT", instanceId: replacement });

  it.each<Row>([
    [
      "is left its connections where the load is stateless, with a deadline beyond the longest drain",
      { isStateless: true, ...drains(replacement) },
      waits("still drains in", { minutes: 70, takes: "MINUTES" }),
    ],
    [
      "is terminated once it has drained",
      { isStateless: true, targetGroups: atHome.targetGroups },
      terminates,
    ],
    [
      "is not waited for where another one drains",
      { isStateless: true, ...drains(original) },
      terminates,
    ],
    [
      "is not waited for where it does not run: nothing answers there",
      { isStateless: true, ...drains(replacement), replacements: [bare(replacement, "stopped")] },
      terminates,
    ],
    [
      "is terminated at once where the load is stateful: what it is still told would be lost",
      drains(replacement),
      terminates,
    ],
  ])("%s", (_name, change, expected) => {
    expect(plan({ intents, replacements: [running], ...change })).toEqual(expected);
  });
});

const endIntents = [launch, stop, intentOf(changes.volume), intentOf(changes.privateIps)];

const endRows: readonly Row[] = [
  [
    "terminates one whose launch was not answered",
    { replacements: [bare("i-0c", "pending")], intents: [] },
    acts({ kind: "TERMINATE_REPLACEMENT", instanceId: "i-0c" }),
  ],
  [
    "terminates one after the other",
    { replacements: [bare(replacement, "shutting-down"), bare("i-0c")] },
    acts({ kind: "TERMINATE_REPLACEMENT", instanceId: "i-0c" }),
  ],
  [
    "waits for one that was launched and that EC2 does not show yet",
    {
      replacements: [],
      images: [image],
      now: "2025-03-01T12:20:00.000Z",
      askedSince: "2025-03-01T12:10:00.000Z",
    },
    waits(replacement),
  ],
  [
    "does not wait for one that an earlier roll-back ended",
    { replacements: [], intents: [intentOf(changes.launch, "UNDONE")], images: [image] },
    acts({ kind: "DELETE_IMAGE" }),
  ],
  [
    "never terminates one that still shows a volume of the original",
    { replacements: [{ ...running, volumes: [{ volumeId: "vol-1" }] }] },
    waits("vol-1"),
  ],
  [
    "never terminates one that still shows a private address of the original",
    {
      replacements: [
        {
          ...running,
          networkInterfaces: [
            { networkInterfaceId: "eni-b", privateAddresses: [{ privateIp: "10.0.0.6" }] },
          ],
        },
      ],
    },
    waits("10.0.0.6"),
  ],
  [
    "deletes images last, even while they are pending",
    { replacements: [bare(replacement, "terminated")], images: [image] },
    acts({ kind: "DELETE_IMAGE", imageId: "ami-warm", snapshotIds: ["snap-1"] }),
  ],
  [
    "keeps images as long as a replacement is there",
    { replacements: [running], images: [image] },
    acts({ kind: "TERMINATE_REPLACEMENT" }),
  ],
  [
    "has done with an image that is deregistered",
    {
      replacements: [bare(replacement, "terminated")],
      images: [{ ...image, state: "deregistered" }],
    },
    { kind: "DONE" },
  ],
  [
    "never takes the original for a replacement, though it carries the tag",
    { intents: [], replacements: [before] },
    { kind: "DONE" },
  ],
];

describe("planRollback: replacements and images", () => {
  it.each(endRows)("%s", (_name, change, expected) => {
    expect(plan({ intents: endIntents, ...change })).toEqual(expected);
  });
});

const kept = { volumeId: "vol-root-b", deviceName: "/dev/xvda", deleteOnTermination: false };

describe("planRollback: a root volume that was to outlive the replacement", () => {
  it.each<Row>([
    [
      "goes with it again before it is terminated",
      { replacements: [{ ...running, volumes: [kept] }] },
      acts({ kind: "RELEASE_ROOT", instanceId: replacement, deviceName: "/dev/xvda" }),
    ],
    [
      "is left alone once it goes with it",
      { replacements: [{ ...running, volumes: [{ ...kept, deleteOnTermination: true }] }] },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
  ])("%s", (_name, change, expected) => {
    expect(plan({ intents: [launch, stop, intentOf(changes.keepRoot)], ...change })).toEqual(
      expected,
    );
  });
});

/** The plan, asked again and again while AWS refuses everything; what was refused, in order. */
const refusedAll = (change: Partial<RollbackInput>) => {
  const refused: RefusedAction[] = [];
  const kinds: RollbackAction["kind"][] = [];
  for (;;) {
    const next = plan({ ...change, refused });
    if (next.kind !== "ACT") return { end: next, kinds };
    const { id, kind } = next.action;
    kinds.push(kind);
    refused.push({ actionId: id, sentence: `no to ${kind}` });
  }
};

describe("planRollback: what AWS refuses", () => {
  const away = { ...atHome, intents: [launch, stop, intentOf(changes.interface)] };
  const [home, mine, moving] = atHome.interfaces;
  if (home === undefined || mine === undefined || moving === undefined) throw new Error("samples");
  const { attachedTo: _away, attachmentState: _gone, ...free } = moving;

  it("does not keep the original from starting, and ends before anything is terminated", () => {
    const interfaces = [home, mine, free];
    const attach = plan({ ...away, interfaces, original: stopped });
    if (attach.kind !== "ACT") throw new Error(attach.kind);
    const refused = [{ actionId: attach.action.id, sentence: "You may not attach." }];
    expect(plan({ ...away, interfaces, original: stopped, refused })).toEqual(
      acts({ kind: "START_ORIGINAL" }),
    );
    expect(plan({ ...away, interfaces, replacements: [running], refused })).toEqual(
      needsOperator("You may not attach.", "is running", "Kept: the replacement"),
    );
  });

  it("keeps the original from starting where it is one of its volumes", () => {
    const volumes = [{ volumeId: "vol-1", state: "available" }];
    const intents = [launch, stop, intentOf(changes.volume)];
    expect(refusedAll({ intents, volumes, original: stopped })).toEqual({
      kinds: ["ATTACH_VOLUME"],
      end: needsOperator("no to ATTACH_VOLUME", "is stopped"),
    });
  });

  it("is not asked for twice: each thing once, then a person", () => {
    const everything = [
      launch,
      stop,
      ...[changes.interface, changes.address, changes.retire].map((change) => intentOf(change)),
    ];
    const addresses = [{ allocationId: "eipalloc-1" }];
    const interfaces = [home, mine, free];
    expect(refusedAll({ intents: everything, addresses, interfaces, original: stopped })).toEqual({
      kinds: ["CANCEL_RETIREMENT", "RETURN_ADDRESS", "ATTACH_INTERFACE", "START_ORIGINAL"],
      end: needsOperator("no to START_ORIGINAL"),
    });
  });

  it("of a retirement's tag does not stop the roll-back, and is told at its end", () => {
    const intents = [launch, stop, intentOf(changes.retire)];
    expect(refusedAll({ intents, replacements: [running] })).toEqual({
      kinds: ["CANCEL_RETIREMENT"],
      end: needsOperator("no to CANCEL_RETIREMENT"),
    });
  });
});

describe("planRollback: an Elastic IP and an original between two states", () => {
  it.each(["pending", "stopping"] as const)("waits while the original is %s", (state) => {
    const intents = [launch, stop, intentOf(changes.address)];
    const addresses = [{ allocationId: "eipalloc-1" }];
    expect(plan({ intents, addresses, original: { ...before, state } })).toEqual(waits(state));
  });
});
