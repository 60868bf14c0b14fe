/** What Auto Scaling does with instances, launch templates and subnets of the simulated EC2, under its service-linked role. */
import type { ResponseLaunchTemplateData, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import type { InstanceState } from "../../../core/model/instance.ts";
import { newId, type Ec2Context } from "./context.ts";
import type { Ec2Listener } from "./events.ts";
import { mergedTags } from "./fleet-tags.ts";
import { byUser, terminate } from "./instance-lifecycle.ts";
import { applyTemplate, findTemplate, findVersion, inSubnet } from "./launch-template-data.ts";
import { tellAfter } from "./metered.ts";
import { openRegion } from "./regions.ts";
import { launchAll } from "./run-instances.ts";
import { isTaken } from "./spot-requests.ts";
import type { Instance, LaunchedFrom, RegionState, Tags } from "./state.ts";
import { isImpaired } from "./status.ts";

interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface FleetInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly state: InstanceState;
  readonly imageId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zoneName: string;
  readonly zoneId: string;
  readonly lifecycle: string | undefined;
  readonly launchedAt: number;
  readonly launchTemplate: LaunchedFrom | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** One of its checks fails. */
  readonly isImpaired: boolean;
  /** EC2 has announced to take it back. */
  readonly isMarked: boolean;
}

export interface TemplateVersion extends LaunchedFrom {
  readonly data: ResponseLaunchTemplateData;
}

interface FleetSubnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zoneName: string;
  readonly zoneId: string;
}

/** Names a launch template as the APIs do. */
interface TemplateName {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}

export interface Ec2Fleet {
  find(place: Place, instanceId: string): FleetInstance | undefined;
  /**
   * One instance. Tags are added to those of the template.
   * @throws CloudError as RunInstances does
   */
  launch(
    place: Place,
    order: {
      readonly input: Omit<RunInstancesCommandInput, "MinCount" | "MaxCount">;
      readonly tags: Tags;
    },
  ): FleetInstance;
  /** Whatever its protection says. Source: Auto Scaling user guide, "Use instance scale-in protection". */
  terminate(place: Place, instanceId: string): void;
  /** Sets these, `aws:` ones too. */
  tag(place: Place, instanceId: string, tags: Tags): void;
  untag(place: Place, instanceId: string, keys: readonly string[]): void;
  hasImage(place: Place, imageId: string): boolean;
  /** @throws CloudError where template or version is not there */
  template(place: Place, wanted: TemplateName): TemplateVersion;
  /** A template of a scenario, seen at once. */
  addTemplate(
    place: Place,
    template: { readonly name: string; readonly data: ResponseLaunchTemplateData },
  ): LaunchedFrom;
  /** With a type: of the zones that offer it. */
  subnets(place: Place, instanceType?: string): readonly FleetSubnet[];
  /** From now on these are told of each event, and of checks that a scenario lets fail or pass. */
  listen(listeners: { readonly event: Ec2Listener; readonly checks: () => void }): void;
}

/** Looked at a dozen times at each call: what most do not ask for is found out for those who do. */
class View implements FleetInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly state: InstanceState;
  readonly imageId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly zoneName: string;
  readonly zoneId: string;
  readonly lifecycle: string | undefined;
  readonly launchedAt: number;
  readonly launchTemplate: LaunchedFrom | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly #context: Ec2Context;
  readonly #region: RegionState;
  readonly #instance: Instance;

  constructor(context: Ec2Context, region: RegionState, instance: Instance) {
    this.instanceId = instance.id;
    this.instanceType = instance.instanceType;
    this.state = instance.state;
    this.imageId = instance.imageId;
    this.subnetId = instance.subnetId;
    this.vpcId = region.vpcId;
    this.zoneName = instance.zone.name;
    this.zoneId = instance.zone.id;
    this.lifecycle = instance.lifecycle;
    this.launchedAt = instance.launchedAt;
    this.launchTemplate = instance.launchTemplate;
    this.tags = instance.tags;
    this.#context = context;
    this.#region = region;
    this.#instance = instance;
  }

  get isImpaired(): boolean {
    return isImpaired(this.#context, this.#instance);
  }

  get isMarked(): boolean {
    return isTaken(this.#region, this.#instance);
  }
}

const tagControls = (regionAt: (place: Place) => RegionState) =>
  ({
    tag: (place, instanceId, tags) => {
      const instance = regionAt(place).instances.get(instanceId);
      if (instance !== undefined) instance.tags = { ...instance.tags, ...tags };
    },
    untag: (place, instanceId, keys) => {
      const instance = regionAt(place).instances.get(instanceId);
      if (instance === undefined) return;
      const kept = Object.entries(instance.tags).filter(([key]) => !keys.includes(key));
      instance.tags = Object.fromEntries(kept);
    },
  }) satisfies Partial<Ec2Fleet>;

const templateControls = (context: Ec2Context, regionAt: (place: Place) => RegionState) =>
  ({
    template: (place, wanted) => {
      const template = findTemplate(context, regionAt(place), wanted);
      const { number, data } = findVersion(template, wanted.Version);
      return { id: template.id, name: template.name, version: number, data };
    },
    addTemplate: (place, { name, data }) => {
      const id = newId(context, "lt-");
      const createdAt = context.clock.now();
      const version = { number: 1, createdAt, description: "", data };
      regionAt(place).templates.set(id, {
        id,
        name,
        createdAt,
        visibleAt: 0,
        tags: {},
        defaultVersion: 1,
        lastVersion: 1,
        versions: [version],
      });
      return { id, name, version: 1 };
    },
  }) satisfies Partial<Ec2Fleet>;

const capacityControls = (context: Ec2Context, regionAt: (place: Place) => RegionState) =>
  ({
    launch: (place, { input, tags }) => {
      context.timeline.settle();
      const region = regionAt(place);
      const whole = inSubnet(
        applyTemplate(context, region, { ...input, MinCount: 1, MaxCount: 1 }),
      );
      const [instance] = launchAll(context, region, {
        ...whole,
        TagSpecifications: mergedTags(whole.TagSpecifications ?? [], { instance: tags }),
      });
      if (instance === undefined) throw new Error("EC2 launched nothing, and refused nothing.");
      return new View(context, region, instance);
    },
    terminate: (place, instanceId) => {
      context.timeline.settle();
      const region = regionAt(place);
      const instance = region.instances.get(instanceId);
      const atMs = context.clock.now();
      if (instance !== undefined)
        terminate(context, region, { instance, atMs, cause: byUser(atMs) });
    },
  }) satisfies Partial<Ec2Fleet>;

export const fleetOf = (context: Ec2Context, listeners: Set<Ec2Listener>): Ec2Fleet => {
  const regionAt = ({ accountId, region }: Place): RegionState =>
    openRegion(context, accountId, region);
  return {
    ...tagControls(regionAt),
    ...templateControls(context, regionAt),
    find: (place, instanceId) => {
      context.timeline.settle();
      const region = regionAt(place);
      const instance = region.instances.get(instanceId);
      return instance === undefined ? undefined : new View(context, region, instance);
    },
    ...tellAfter(context, capacityControls(context, regionAt)),
    hasImage: (place, imageId) => {
      const region = regionAt(place);
      return region.images.has(imageId) && !region.deregisteredImages.has(imageId);
    },
    subnets: (place, instanceType) => {
      const region = regionAt(place);
      const { market } = context;
      return [...region.subnets.values()]
        .filter(
          ({ zone }) =>
            instanceType === undefined || market.isOffered(place.region, zone.id, instanceType),
        )
        .map(({ id, zone }) => ({
          id,
          vpcId: region.vpcId,
          zoneName: zone.name,
          zoneId: zone.id,
        }));
    },
    listen: ({ event, checks }) => {
      listeners.add(event);
      context.checksChanged.add(checks);
    },
  };
};
