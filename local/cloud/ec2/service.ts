/** The simulated EC2: all operations as one service module, with the control surface beside them. */
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Call, Handler, ServiceModule } from "../contract.ts";
import type { Market } from "../market/market.ts";
import { addressReadOperations } from "./address-reads.ts";
import { addressOperations } from "./addresses.ts";
import { ec2Authorization } from "./authorization.ts";
import type { Ec2Context } from "./context.ts";
import { defaultEncryptionOperations } from "./default-encryption.ts";
import { capacityReservationOperations } from "./capacity-reservations.ts";
import { createFleetOperations } from "./create-fleet.ts";
import { createControl, type Ec2Control } from "./control.ts";
import type { Ec2Listener } from "./events.ts";
import { imageReferenceOperations } from "./image-references.ts";
import { imageRetirementOperations } from "./image-retirement.ts";
import { imageOperations } from "./images.ts";
import { instanceAttributeOperations } from "./instance-attributes.ts";
import { instanceTypeOperations } from "./instance-types.ts";
import { instanceOperations } from "./instances.ts";
import { interfaceOperations } from "./interfaces.ts";
import { watchMarket } from "./interruption.ts";
import type { ParameterSource } from "./parameter-source.ts";
import { keyDirectoryOf, type KeyDirectory } from "./keys.ts";
import { launchTemplateOperations } from "./launch-templates.ts";
import { endpointServiceOperations } from "./endpoint-services.ts";
import { natGatewayOperations } from "./nat-gateways.ts";
import { privateAddressOperations } from "./private-addresses.ts";
import { recycleBinOperations } from "./recycle-bin.ts";
import { referenceOperations } from "./references.ts";
import { registerImageOperations } from "./register-image.ts";
import { replaceRootOperations } from "./replace-root.ts";
import { reservedOperations } from "./reserved.ts";
import { routeTableOperations } from "./route-tables.ts";
import { dryRunInstances, runInstancesOperations } from "./run-instances.ts";
import { defaultSettings, type Ec2Settings } from "./settings.ts";
import { meteredOf, tellHappened, type Metered } from "./metered.ts";
import { securityGroupOperations } from "./security-groups.ts";
import { sharingOperations } from "./sharing.ts";
import { afterStop, afterTermination } from "./spot-again.ts";
import { snapshotKeepingOperations } from "./snapshot-keeping.ts";
import { snapshotOperations } from "./snapshots.ts";
import { spotOperations } from "./spot.ts";
import { statusOperations } from "./status.ts";
import { subnetOperations } from "./subnets-and-zones.ts";
import { tagOperations } from "./tags.ts";
import { createTimeline } from "./timeline.ts";
import { volumeOperations } from "./volumes.ts";

export interface Ec2Options {
  readonly market: Market;
  readonly settings?: Partial<Ec2Settings>;
}

/** The operations, each typed by the SDK's input and output; for tests that call them without a wire. */
const ec2Operations = (context: Ec2Context) => ({
  ...instanceOperations(context),
  ...instanceAttributeOperations(context),
  ...runInstancesOperations(context),
  ...statusOperations(context),
  ...imageOperations(context),
  ...registerImageOperations(context),
  ...snapshotOperations(context),
  ...defaultEncryptionOperations(context),
  ...sharingOperations(context),
  ...volumeOperations(context),
  ...interfaceOperations(context),
  ...privateAddressOperations(context),
  ...addressOperations(context),
  ...subnetOperations(context),
  ...routeTableOperations(context),
  ...instanceTypeOperations(context),
  ...spotOperations(context),
  ...tagOperations(context),
  ...replaceRootOperations(context),
  ...launchTemplateOperations(context),
  ...createFleetOperations(context),
  ...reservedOperations(context),
  ...capacityReservationOperations(context),
  ...referenceOperations(context),
  ...securityGroupOperations(context),
  ...addressReadOperations(context),
  ...snapshotKeepingOperations(context),
  ...imageRetirementOperations(context),
  ...imageReferenceOperations(context),
  ...endpointServiceOperations(context),
  ...natGatewayOperations(context),
  ...recycleBinOperations(context),
});

export type Ec2Operations = ReturnType<typeof ec2Operations>;

export interface Ec2 extends ServiceModule {
  readonly service: "ec2";
  readonly operations: Ec2Operations & ServiceModule["operations"];
  readonly market: Market;
  readonly control: Ec2Control;
  readonly keys: KeyDirectory;
  readonly metered: Metered;
  /** From now on it is asked what the parameters of images name. */
  useParameters(source: ParameterSource): void;
}

type AnyHandler = (call: Call, input: never) => unknown;

/** Before each call the past happens; after a launch the market is watched. */
const withTime = <T extends Readonly<Record<string, Handler<never, unknown>>>>(
  context: Ec2Context,
  operations: T,
): T => {
  const watch = watchMarket(context);
  const wrapped = Object.entries(operations).map(([name, handler]) => {
    const isRead = /^(Describe|Get|List)/.test(name);
    const timed: AnyHandler = (call, input) => {
      context.timeline.settle();
      const output = handler(call, input);
      watch();
      if (!isRead) tellHappened(context, context.clock.now());
      return output;
    };
    return [name, timed] as const;
  });
  return Object.fromEntries(wrapped) as T;
};

export const createEc2 = (
  cloud: { readonly clock: Clock; readonly random: Random },
  options: Ec2Options,
): Ec2 => {
  const listeners = new Set<Ec2Listener>();
  const context: Ec2Context = {
    clock: cloud.clock,
    random: cloud.random.fork("ec2"),
    market: options.market,
    settings: { ...defaultSettings, ...options.settings },
    timeline: createTimeline(cloud.clock, (atMs) => {
      tellHappened(context, atMs);
    }),
    accounts: new Map(),
    defects: {
      failedChecks: new Set(),
      stalledImages: new Set(),
      failedImages: new Set(),
      failedRootTasks: new Set(),
      failedBoots: new Set(),
      refusedPlaces: new Set(),
    },
    capacities: new Map(),
    takers: new Map(),
    reservationGroups: { membersOf: () => [] },
    keys: { rules: undefined },
    parameters: { source: undefined },
    terminated: [],
    stopped: [],
    happened: new Set(),
    checksChanged: new Set(),
    emit: (event) => {
      for (const listener of [...listeners]) listener(event);
    },
  };
  context.terminated.push(afterTermination(context));
  context.stopped.push(afterStop(context));
  return {
    service: "ec2",
    operations: withTime(context, ec2Operations(context)),
    authorization: ec2Authorization(context),
    dryRuns: { RunInstances: dryRunInstances(context) },
    market: options.market,
    control: createControl(context, listeners),
    keys: keyDirectoryOf(context),
    metered: meteredOf(context),
    useParameters: (source) => {
      context.parameters.source = source;
    },
  };
};
