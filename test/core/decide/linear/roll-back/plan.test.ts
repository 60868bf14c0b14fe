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

/** Of a load whose replacement serves until the original does. */
const plan = (change: Partial<RollbackInput>): RollbackPlan =>
  planRollback({ ...atHome, isStateless: true, ...change });

/** Of one that must not run twice. */
const planStateful = (change: Partial<RollbackInput>): RollbackPlan =>
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
      { intents: [launch, stop, intentOf(changes.retire, "PLANNED")] },
      acts({ kind: "CANCEL_RETIREMENT", undoes: "retire_original-1" }),
    ],
    [
      "does not take its tags for gone while EC2 does not show it",
      { intents: [launch, stop, intentOf(changes.retire, "PLANNED")], original: undefined },
      waits(original),
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
  const at = (more: object) => (volumeId: string) => ({ volumeId, state: "in-use", ...more });
  const named = (made: RollbackPlan): readonly RollbackAction[] =>
    made.kind === "ACT" ? [made.action, ...(made.alike ?? [])] : [];

  const ended = { isStateless: false, replacements: [bare(replacement, "terminated")] } as const;

  it("are attached together, as many as EC2 takes at once, and none twice", () => {
    const [half, rest] = [ids.slice(0, 30), ids.slice(30)];
    const actions = named(
      plan({
        intents,
        original: stopped,
        ...ended,
        volumes: [
          ...half.map(at({ attachedTo: original, attachmentState: "attaching" })),
          ...rest.map(at({ state: "available" })),
        ],
      }),
    );
    expect(actions.every(({ kind }) => kind === "ATTACH_VOLUME")).toBe(true);
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
        ...ended,
        volumes: [
          ...ids.slice(2).map(at({ state: "available" })),
          ...[first, second].map(at({ attachedTo: original, deleteOnTermination: false })),
        ],
      }),
    );
    const restoring = "RESTORE_VOLUME_DELETION";
    expect(actions.map(({ kind }) => kind)).toEqual([restoring, restoring]);
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
      "starts a stopped original before it gets one",
      { ...pointing("eni-b", "10.0.0.20"), original: stopped },
      acts({ kind: "START_ORIGINAL" }),
    ],
    [
      "waits for the checks of a started original before it gets one",
      { ...pointing("eni-b", "10.0.0.20"), isOriginalHealthy: false },
      waits("checks"),
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

describe("planRollback: a stateless original that left no group", () => {
  const intents = [launch, stop, intentOf(changes.privateIps)];
  const group = { arn: groupArn, port: 80 };
  const moved = { interfaces: [{ networkInterfaceId: "eni-a", privateIps: ["10.0.0.5"] }] };
  const back = acts({ kind: "RETURN_PRIVATE_IPS" });
  const silent = [{ ...group, instanceIds: [original, replacement], readyInstanceIds: [] }];
  it.each<Row>([
    [
      "is waited for while its load balancer finds it unhealthy",
      { ...moved, targetGroups: silent },
      waits(`The original ${original} is not healthy in ${groupArn} yet.`, { takes: "MINUTES" }),
    ],
    [
      "is not waited for once it answers",
      {
        ...moved,
        targetGroups: [{ ...group, instanceIds: [original], readyInstanceIds: [original] }],
      },
      back,
    ],
    [
      "is not waited for in a group that its owner took it out of",
      {
        ...moved,
        targetGroups: [{ ...group, instanceIds: [replacement], readyInstanceIds: [replacement] }],
      },
      back,
    ],
    [
      "is not waited for where no replacement is left to serve",
      { ...moved, targetGroups: silent, replacements: [bare(replacement, "terminated")] },
      back,
    ],
    [
      "is not waited for where the load is stateful",
      { ...moved, isStateless: false, targetGroups: silent, replacements: [] },
      back,
    ],
    [
      "has nothing more to wait for once all is back",
      { targetGroups: silent },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
  ])("%s", (_name, change, expected) => {
    expect(plan({ intents, replacements: [running], ...change })).toEqual(expected);
  });
});

const attachmentIntents = [launch, stop, intentOf(changes.interface, "PLANNED")];
const volumeIntents = [launch, stop, intentOf(changes.volume)];
const vol = (change: object): Partial<RollbackInput> => ({
  volumes: [{ volumeId: "vol-1", state: "in-use", ...change }],
});
const eni = (change: object): Partial<RollbackInput> => ({
  interfaces: [{ networkInterfaceId: "eni-moving", privateIps: ["10.0.0.7"], ...change }],
});

const volumeRows: readonly Row[] = [
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
    "takes none from a running replacement, but ends that",
    { ...vol({ attachedTo: replacement }), replacements: [running] },
    acts({ kind: "TERMINATE_REPLACEMENT" }),
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
    waits(`${replacement} is shutting-down`),
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
];

const attachmentRows: readonly Row[] = [
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
];

describe("planRollback: volumes", () => {
  it.each(volumeRows)("%s", (_name, change, expected) => {
    const replacements = [bare(replacement, "terminated")];
    expect(planStateful({ intents: volumeIntents, replacements, ...change })).toEqual(expected);
  });
});

describe("planRollback: interfaces", () => {
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
  const served = {
    intents: [launch, stop, intentOf(changes.targetGroup), intentOf(changes.address)],
    addresses: [
      {
        allocationId: "eipalloc-1",
        networkInterfaceId: "eni-b",
        privateIp: "10.0.0.20",
        associationId: "eipassoc-9",
      },
    ],
  };

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
      "leaves it the address, too, that clients follow until then",
      {
        ...group([replacement, original], [replacement]),
        ...served,
      },
      waits("not healthy"),
    ],
    [
      "gives the address back then, and takes the replacement out after it",
      {
        ...group([replacement, original], [replacement, original]),
        ...served,
      },
      acts({ kind: "RETURN_ADDRESS", allocationId: "eipalloc-1" }),
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
      { isStateless: false, ...drains(replacement) },
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
    const attach = plan({ ...away, interfaces });
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
    const replacements = [bare(replacement, "terminated")];
    const isStateless = false;
    expect(refusedAll({ intents, volumes, replacements, original: stopped, isStateless })).toEqual({
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
      kinds: ["CANCEL_RETIREMENT", "START_ORIGINAL"],
      end: needsOperator("no to START_ORIGINAL"),
    });
    expect(refusedAll({ intents: everything, addresses, interfaces })).toEqual({
      kinds: ["CANCEL_RETIREMENT", "RETURN_ADDRESS", "ATTACH_INTERFACE"],
      end: needsOperator("no to RETURN_ADDRESS", "no to ATTACH_INTERFACE"),
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

const well = { instanceId: replacement, health: { kind: "HEALTHY" } } as const;
const ill = {
  instanceId: replacement,
  health: { kind: "FAILED", sentence: "It fails." },
} as const;
const unsure = {
  instanceId: replacement,
  health: { kind: "WAITING", sentence: "Not yet." },
} as const;
const lost = { instanceId: replacement, health: { kind: "LOST", sentence: "Gone." } } as const;

const rootOf = (deleteOnTermination: boolean) => ({
  volumeId: "vol-root-b",
  deviceName: "/dev/xvda",
  deleteOnTermination,
});
const withRoot = (deleteOnTermination: boolean) => ({
  ...running,
  rootDeviceName: "/dev/xvda",
  volumes: [rootOf(deleteOnTermination)],
});
const since = "2025-03-01T12:30:00.000Z";
const reached = intentOf({ ...changes.address, reachedAt: since });
const noted = intentOf(
  { kind: "KEEP_WRITES", instanceId: replacement, volumeId: "vol-root-b", since },
  "COMMITTED",
);

describe("planRollback: a Spot Instance that goes back", () => {
  const end = intentOf({ kind: "END_ORIGINAL", instanceId: original });
  const gone = { ...before, state: "terminated" } as const;
  const held = { kind: "NEEDS_OPERATOR", isHeld: true, sentence: expect.stringContaining(since) };

  it.each<Row>([
    [
      "has nothing to which a healthy On-Demand Instance could give back what it has",
      { intents: [launch, reached, end], original: gone, serving: well },
      held,
    ],
    [
      "is given all back while it runs, although its end may have been asked for",
      {
        intents: [launch, intentOf(changes.address), { ...end, status: "PLANNED" }],
        serving: well,
        replacements: [running],
      },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "is given nothing while EC2 takes it, and what serves stays",
      {
        intents: [launch, reached],
        replacements: [running],
        originalTaken: "Spot request of instance i-a is marked-for-termination.",
      },
      needsOperator("marked-for-termination", "Nothing is given back to", replacement),
    ],
    [
      "does not keep what was launched and is gone",
      {
        intents: [launch],
        replacements: [{ ...running, state: "terminated" }],
        originalTaken: "It is taken.",
        tagged: [],
      },
      { kind: "DONE" },
    ],
  ])("%s", (_what, change, expected) => {
    expect(plan(change)).toEqual(expected);
  });
});

describe("planRollback: a stateful replacement that clients have come to", () => {
  const intents = [launch, stop, reached];
  const held = { kind: "NEEDS_OPERATOR", isHeld: true, sentence: expect.stringContaining(since) };

  it.each<Row>([
    ["is left as it is while it is well", { serving: well }, held],
    [
      "is looked at again before that is said: EC2 may still show as well what has just ended",
      { serving: well, askedSince: "2026-03-01T11:59:31.000Z" },
      waits("looked at again", { takes: "SECONDS", isTimed: true }),
    ],
    [
      "is left as it is though it is to be retired already",
      { serving: well, intents: [...intents, intentOf(changes.retire)] },
      held,
    ],
    [
      "is left as it is though the original has ended",
      { serving: well, original: { ...before, state: "terminated" } },
      held,
    ],
    [
      "is waited for while it is not known how it is",
      { serving: unsure },
      waits("Not yet.", { takes: "MINUTES" }),
    ],
    [
      "is not well where it fails the checks of a target group",
      {
        serving: well,
        replacements: [withRoot(true)],
        targetGroups: [
          {
            arn: groupArn,
            port: 80,
            instanceIds: [replacement],
            failingInstanceIds: [replacement],
          },
        ],
      },
      acts({ kind: "KEEP_WRITES", volumeId: "vol-root-b", since }),
    ],
    [
      "is waited for where a target group does not know it yet",
      {
        serving: well,
        targetGroups: [
          { arn: groupArn, port: 80, instanceIds: [replacement], readyInstanceIds: [] },
        ],
      },
      waits("is not healthy in"),
    ],
    [
      "keeps its root volume before it ends",
      { serving: ill, replacements: [withRoot(true)] },
      acts({ kind: "KEEP_WRITES", deviceName: "/dev/xvda" }),
    ],
    [
      "keeps it until EC2 shows so",
      { serving: ill, intents: [...intents, noted], replacements: [withRoot(true)] },
      acts({ kind: "KEEP_WRITES" }),
    ],
    [
      "ends once EC2 shows so",
      { serving: ill, intents: [...intents, noted], replacements: [withRoot(false)] },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "has its interface kept before it ends",
      {
        serving: ill,
        intents: [launch, stop, intentOf(changes.interface), noted],
        replacements: [withRoot(false)],
        interfaces: [
          {
            networkInterfaceId: "eni-moving",
            attachmentId: "attach-9",
            attachedTo: replacement,
            deleteOnTermination: true,
            privateIps: [],
          },
        ],
      },
      acts({ kind: "KEEP_INTERFACE", networkInterfaceId: "eni-moving", attachmentId: "attach-9" }),
    ],
    [
      "does not end while EC2 does not show its root volume",
      { serving: ill, replacements: [{ ...running, rootDeviceName: "/dev/xvda" }] },
      waits("root volume"),
    ],
    [
      "has its writes noted as lost where it is lost with its root volume",
      { serving: lost, replacements: [bare(replacement, "terminated")] },
      acts({ kind: "NOTE_WRITES", since, id: `NOTE_WRITES ${replacement}` }),
    ],
    [
      "has its writes noted on the root volume that was to outlive it",
      {
        serving: lost,
        replacements: [bare(replacement, "terminated")],
        intents: [...intents, intentOf(changes.keepRoot)],
        volumes: [{ volumeId: "vol-root-b", state: "available" }],
      },
      acts({ kind: "NOTE_WRITES", volumeId: "vol-root-b" }),
    ],
    [
      "gives the address back as soon as the original runs, whatever its checks say",
      {
        serving: lost,
        intents: [...intents, noted],
        original: before,
        isOriginalHealthy: false,
        replacements: [bare(replacement, "terminated")],
        addresses: [{ allocationId: "eipalloc-1" }],
      },
      acts({ kind: "RETURN_ADDRESS" }),
    ],
  ])("%s", (_name, change, expected) => {
    const start = { intents, original: stopped, replacements: [running] };
    expect(planStateful({ ...start, ...change })).toEqual(expected);
  });

  it.each<Row>([
    [
      "an interface there",
      {
        intents: [launch, stop, intentOf(changes.interface, "PLANNED")],
        interfaces: [{ networkInterfaceId: "eni-moving", attachedTo: replacement, privateIps: [] }],
      },
      held,
    ],
    [
      "a private address there",
      {
        intents: [launch, stop, intentOf(changes.privateIps, "PLANNED")],
        interfaces: [
          { networkInterfaceId: "eni-a", attachedTo: original, privateIps: ["10.0.0.5"] },
          { networkInterfaceId: "eni-b", attachedTo: replacement, privateIps: ["10.0.0.6"] },
        ],
      },
      held,
    ],
    [
      "a registration there",
      {
        intents: [launch, stop, intentOf(changes.targetGroup, "PLANNED")],
        targetGroups: [{ arn: groupArn, port: 80, instanceIds: [replacement] }],
      },
      held,
    ],
    [
      "an Elastic IP there",
      {
        intents: [launch, stop, intentOf(changes.address, "PLANNED")],
        addresses: [{ allocationId: "eipalloc-1", networkInterfaceId: "eni-b" }],
      },
      held,
    ],
    [
      "what the record says",
      { intents: [launch, stop, intentOf(changes.address, "PLANNED")], servedFrom: since },
      held,
    ],
    [
      "an interface on its way does not: it ends, and first",
      {
        intents: [launch, stop, intentOf(changes.interface)],
        interfaces: [{ networkInterfaceId: "eni-moving", privateIps: [] }],
      },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
  ])("is known by %s", (_name, change, expected) => {
    const isHeld = expected === held;
    const plannedAt = expect.stringMatching(/has served since 2025-03-01T12:/);
    const start = { original: stopped, replacements: [running], serving: well };
    const wanted = isHeld ? { ...held, sentence: plannedAt } : expected;
    expect(planStateful({ ...start, ...change })).toEqual(wanted);
  });
});

describe("planRollback: a stateful replacement that nobody came to", () => {
  const intents = [launch, stop, intentOf(changes.volume), intentOf(changes.keepRoot)];
  const flagged = (deleteOnTermination: boolean) => ({
    volumeId: "vol-1",
    deviceName: "/dev/sdf",
    deleteOnTermination,
  });

  it.each<Row>([
    [
      "ends before the original is started",
      { replacements: [running] },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "ends while the original is still stopping",
      { replacements: [running], original: { ...before, state: "stopping" } },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "has its data volume kept before it ends",
      { replacements: [{ ...running, volumes: [flagged(true)] }] },
      acts({
        kind: "KEEP_VOLUME",
        volumeId: "vol-1",
        instanceId: replacement,
        deviceName: "/dev/sdf",
      }),
    ],
    [
      "ends once that is shown as kept",
      { replacements: [{ ...running, volumes: [flagged(false)] }] },
      acts({ kind: "TERMINATE_REPLACEMENT" }),
    ],
    [
      "takes its root volume with it: nothing on it is lacked",
      { replacements: [withRoot(false)] },
      acts({ kind: "RELEASE_ROOT" }),
    ],
    [
      "is seen terminated before the original is started",
      { replacements: [bare(replacement, "shutting-down")] },
      waits("is shutting-down"),
    ],
    [
      "is seen at all before the original is started",
      { replacements: [], now: "2025-03-01T12:01:00.000Z" },
      waits(replacement),
    ],
    [
      "leaves the start to do",
      { replacements: [bare(replacement, "terminated")] },
      acts({ kind: "START_ORIGINAL" }),
    ],
    [
      "leaves the images until the original has passed its checks",
      {
        replacements: [bare(replacement, "terminated")],
        original: before,
        isOriginalHealthy: false,
        images: [image],
      },
      waits("checks"),
    ],
    [
      "is kept where a volume cannot return: somebody else has it",
      { replacements: [running], ...vol({ attachedTo: "i-0f" }) },
      needsOperator("vol-1 is attached to i-0f", replacement),
    ],
  ])("%s", (_name, change, expected) => {
    expect(planStateful({ intents, original: stopped, ...change })).toEqual(expected);
  });
});
