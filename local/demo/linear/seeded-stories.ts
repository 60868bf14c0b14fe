/** The endings of a LINEAR evaluation that everybody should have seen once, a switch in both ways. */
import type { StoryEnding, Story } from "../story.ts";
import {
  addressCameBack,
  addressIsAt,
  dataVolumeIsAt,
  downtimeIsHonest,
  endsAs,
  failedOf,
  noWriteWasLost,
  nothingWasLeft,
  nothingWasTouched,
  originalHasEnded,
  originalRuns,
  originalWasKept,
  replacementIsGone,
  replacementIsOnDemand,
  replacementIsSpot,
  replayAgrees,
  rootVolumeIsAt,
  serviceNeverDropped,
  writesAreNamed,
} from "./expectations.ts";

/** A replacement never has the original's primary private address: its owner must say that this may change. */
const acceptsNewAddress = { accept_change_of: ["primary-private-ip"] } as const;

/** The original serves as before, and the account is as it was. */
const leftAlone = (ending: StoryEnding) => [
  nothingWasTouched(ending),
  originalRuns(ending),
  addressIsAt(ending, ending.original),
  serviceNeverDropped(ending),
  nothingWasLeft(ending),
  replayAgrees(ending),
];

export const switchExpectations: Story["expect"] = (ending) => [
  endsAs(ending, "SWITCH", "SWITCHED"),
  replacementIsSpot(ending),
  addressIsAt(ending, ending.replacement),
  ...(ending.before.volumes.length > 1 ? [dataVolumeIsAt(ending, ending.replacement)] : []),
  ...noWriteWasLost(ending),
  serviceNeverDropped(ending),
  downtimeIsHonest(ending),
  originalWasKept(ending),
  nothingWasLeft(ending),
  replayAgrees(ending),
];

const switchStory: Story = {
  name: "switch",
  title: "A switch, with Elastic IP and data volume",
  introduction:
    "A shop runs on an On-Demand m5.large with an Elastic IP and a data volume of 100 GiB. Its owner let " +
    "us switch it for real. Clients write to both disks every five seconds; no acknowledged write may be lost.",
  workload: {
    instanceType: "m5.large",
    elasticIp: true,
    rootGib: 30,
    dataVolumes: [{ sizeGib: 100 }],
    tags: { Name: "shop" },
  },
  registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
  expect: switchExpectations,
};

const rootVolumeStory: Story = {
  ...switchStory,
  name: "switch-root-volume",
  title: "The same switch, moving the root volume itself",
  introduction:
    "The same shop, and its owner chose `move-root-volume`: the original's own root volume goes over, so that " +
    "no image is made while nobody serves, and no block is read from a snapshot afterwards.",
  registration: {
    isShadowMode: false,
    policyOverrides: { ...acceptsNewAddress, root_transfer: "move-root-volume" },
  },
  expect: (ending) => [...switchExpectations(ending), rootVolumeIsAt(ending, ending.replacement)],
};

const windowsStory: Story = {
  name: "switch-windows",
  title: "A switch of a Windows server, licence included",
  introduction:
    "An intranet runs on an m5.large with Windows, whose licence AWS bills with it. Spot sells Windows too, so its hours are " +
    "compared with the price of Windows. With a licence of the owner's own, with SQL Server or in a domain it would be refused.",
  workload: {
    instanceType: "m5.large",
    platformDetails: "Windows",
    elasticIp: true,
    rootGib: 50,
    tags: { Name: "intranet" },
  },
  registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
  expect: switchExpectations,
};

const stayStory: Story = {
  name: "stay",
  title: "A stay: not worth it",
  introduction:
    "A batch host runs on an m5.xlarge. A Savings Plan pays $0.14 of each of its hours already, Spot or not; " +
    "the owner said so in the policy. Only the rest can be saved.",
  workload: {
    instanceType: "m5.xlarge",
    elasticIp: true,
    rootGib: 20,
    tags: { Name: "batch" },
  },
  registration: {
    isShadowMode: false,
    policyOverrides: { ...acceptsNewAddress, covered_hourly_usd: 0.14 },
  },
  expect: (ending) => [endsAs(ending, "STAY", "STAYED"), ...leftAlone(ending)],
};

const refuseStory: Story = {
  name: "refuse",
  title: "A refusal: something would be lost",
  introduction:
    "A renderer runs on a g4dn.xlarge. The type comes with a local NVMe disk, which no image holds and no other " +
    "instance can take over. Better no switch than a lost disk.",
  workload: {
    instanceType: "g4dn.xlarge",
    elasticIp: true,
    rootGib: 50,
    tags: { Name: "renderer" },
  },
  registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
  expect: (ending) => [endsAs(ending, "REFUSE", "REFUSED"), ...leftAlone(ending)],
};

const shadowStory: Story = {
  name: "shadow",
  title: "A shadow run: everything but the deed",
  introduction:
    "A cache runs on an r5.xlarge. It was registered without a word about shadow mode, so shadow mode it is: " +
    "the whole pipeline up to the verdict, and not one call that changes anything.",
  workload: {
    instanceType: "r5.xlarge",
    elasticIp: true,
    rootGib: 20,
    tags: { Name: "cache" },
  },
  registration: { policyOverrides: acceptsNewAddress },
  expect: (ending) => [endsAs(ending, "SWITCH", "SHADOWED"), ...leftAlone(ending)],
};

const rolledBackStory: Story = {
  name: "rolled-back",
  title: "A replacement that fails its checks: rolled back",
  introduction:
    "A database runs on an m5.2xlarge. The switch goes well until the Elastic IP has moved; at that moment the " +
    "replacement begins to fail its instance check. The worst time: the original is stopped and has neither its " +
    "address nor its data volume.",
  workload: {
    instanceType: "m5.2xlarge",
    elasticIp: true,
    rootGib: 40,
    dataVolumes: [{ sizeGib: 200 }],
    tags: { Name: "database" },
  },
  registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
  arrange: ({ platform }) => {
    const release = platform.cloud.faults.after((call) => {
      if (call.operation !== "AssociateAddress") return;
      release();
      platform.ec2.control.failChecks((instance) => instance.lifecycle === "spot");
    });
  },
  expect: (ending) => [
    endsAs(ending, "SWITCH", "ROLLED_BACK"),
    failedOf(ending, "BrokenReplacement"),
    addressCameBack(ending),
    originalRuns(ending),
    addressIsAt(ending, ending.original),
    dataVolumeIsAt(ending, ending.original),
    writesAreNamed(ending),
    ...noWriteWasLost(ending),
    replacementIsGone(ending),
    serviceNeverDropped(ending),
    downtimeIsHonest(ending),
    nothingWasLeft(ending),
    replayAgrees(ending),
  ],
};

const wayBackStory: Story = {
  name: "way-back",
  title: "The way back: On-Demand again, because somebody asks",
  introduction:
    "A stateless API has run on Spot for an hour. Its owner wants it on On-Demand for a launch day, and asks. The same " +
    "steps, the other way: proved first, then the identity, and only then does the Spot Instance end. Nobody is down.",
  workload: {
    instanceType: "m5.large",
    elasticIp: true,
    rootGib: 20,
    tags: { Name: "api" },
  },
  registration: {
    isShadowMode: false,
    policyOverrides: { ...acceptsNewAddress, consistency: "stateless" },
  },
  goesBack: true,
  expect: (ending) => [
    endsAs(ending, "FALLBACK_ON_DEMAND", "FELL_BACK"),
    replacementIsOnDemand(ending),
    addressIsAt(ending, ending.replacement),
    originalHasEnded(ending),
    serviceNeverDropped(ending),
    nothingWasLeft(ending),
    replayAgrees(ending),
  ],
};

const dataWayBackStory: Story = {
  name: "way-back-with-data",
  title: "The way back with data: its end is the freeze",
  introduction:
    "A database has run on Spot for an hour, and its owner wants it on On-Demand. Its newest writes are on the Spot Instance, " +
    "which can't be stopped. So a host is proved first, where nobody reaches it; then the Spot Instance ends, and its root and " +
    "data volume follow. Down meanwhile, and measured; no acknowledged write may be lost.",
  workload: {
    instanceType: "m5.large",
    elasticIp: true,
    rootGib: 20,
    dataVolumes: [{ sizeGib: 50, deleteOnTermination: true }],
    tags: { Name: "database" },
  },
  registration: { isShadowMode: false, policyOverrides: acceptsNewAddress },
  goesBack: true,
  expect: (ending) => [
    endsAs(ending, "FALLBACK_ON_DEMAND", "FELL_BACK"),
    replacementIsOnDemand(ending),
    addressIsAt(ending, ending.replacement),
    rootVolumeIsAt(ending, ending.replacement),
    dataVolumeIsAt(ending, ending.replacement),
    ...noWriteWasLost(ending),
    originalHasEnded(ending),
    serviceNeverDropped(ending),
    downtimeIsHonest(ending),
    nothingWasLeft(ending),
    replayAgrees(ending),
  ],
};

export const seededStories: readonly Story[] = [
  switchStory,
  rootVolumeStory,
  windowsStory,
  stayStory,
  refuseStory,
  shadowStory,
  rolledBackStory,
  wayBackStory,
  dataWayBackStory,
];
