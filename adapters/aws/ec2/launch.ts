/** Reads the blueprint of an original, and launches one Spot clone of a blueprint. */
import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  RunInstancesCommand,
  type EC2Client,
  type Image,
  type Instance,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { familyOf, SpotOptimizerError } from "../../../core/errors.ts";
import type { LaunchRefusal } from "../../../core/model/swap.ts";
import { acted, type Acted } from "../acted.ts";
import { isOtherParameters, launchRefusalOf } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { required } from "../required.ts";
import { callAws, expectRefusal, wordsOf } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";
import { blueprintOfInstance } from "./blueprint-of-instance.ts";
import { withChosenCpu, type LaunchBlueprint } from "./blueprint.ts";
import { describeImage } from "./describe.ts";
import type { InstanceParts } from "./instances.ts";
import { spotRequest, type SpotLaunch } from "./launch-request.ts";

const notFound = (id: string): SpotOptimizerError =>
  new SpotOptimizerError("BrokenNotFound", `EC2 does not show ${id}.`, { resource: id });

/** Base64; undefined where it has none, and where EC2 no longer shows it. † One that has ended is shown for an hour, with its user data. */
export const readUserDataOf = (ec2: EC2Client, instanceId: string): Promise<string | undefined> =>
  orAbsent(() => readUserData(ec2, instanceId));

const readUserData = async (ec2: EC2Client, instanceId: string): Promise<string | undefined> => {
  const answer = await callAws({ action: "DescribeInstanceAttribute", resource: instanceId }, () =>
    ec2.send(
      new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: "userData" }),
    ),
  );
  return answer.UserData?.Value;
};

/** EC2 refuses the question for a type that is not burstable (T2, T3, T3a, T4g …). */
const readCpuCredits = async (ec2: EC2Client, instance: Instance): Promise<string | undefined> => {
  if (!/^t\d/.test(instance.InstanceType ?? "")) return undefined;
  const instanceId = required(instance.InstanceId, "the instance's id");
  const answer = await callAws(
    { action: "DescribeInstanceCreditSpecifications", resource: instanceId },
    () => ec2.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [instanceId] })),
  );
  return answer.InstanceCreditSpecifications?.[0]?.CpuCredits;
};

/**
 * The blueprint of a live (running or stopped) instance whose parts were read a moment ago; what is missing takes a call, or two
 * for a burstable type.
 * @throws BrokenFacts when it has no root volume or no primary interface (any of which may have just been detached), when EC2
 *   did not show one of its volumes or interfaces, or an answer lacks what it always holds
 */
export const readBlueprint = async (
  ec2: EC2Client,
  { instance, volumes, interfaces }: InstanceParts,
): Promise<LaunchBlueprint> => {
  const [userData, cpuCredits] = await Promise.all([
    readUserData(ec2, required(instance.InstanceId, "the instance's id")),
    readCpuCredits(ec2, instance),
  ]);
  return blueprintOfInstance({ instance, volumes, interfaces, userData, cpuCredits });
};

/** The token's first call has acted, with other parameters than this one had. */
export const launchedOtherwise = (error: unknown): error is SpotOptimizerError =>
  error instanceof SpotOptimizerError && error.code !== undefined && isOtherParameters(error.code);

export type LaunchResult =
  | (Acted & {
      readonly kind: "LAUNCHED";
      readonly instanceId: string;
      readonly spotRequestId?: string;
    })
  | (Acted & {
      readonly kind: LaunchRefusal;
      /** EC2's error code. */
      readonly code: string;
      readonly message: string;
    });

/** What it says of the pool, the quota or the subnet; undefined: nothing. */
const launchRefusal = (error: unknown): LaunchRefusal | undefined =>
  error instanceof SpotOptimizerError && error.code !== undefined
    ? launchRefusalOf(error.code, wordsOf(error))
    : undefined;

/** Throws the error on if it is not about the pool, the quota or the subnet. */
const refusal = (error: unknown): LaunchResult => {
  const kind = launchRefusal(error);
  const refused = expectRefusal(error, () => kind !== undefined);
  return {
    kind: kind ?? "NO_CAPACITY",
    code: refused.code,
    message: refused.error.message,
    requestId: refused.requestId,
  };
};

/**
 * Reads what the request needs of the image, unless it is given, and gives the call that launches one Spot instance, or says why the pool did not
 * give it. With the same client token, parameters and zone EC2 answers with the instance of the first call.
 * @throws BrokenNotFound when the image is gone. The call throws BrokenRequest for IdempotentParameterMismatch and whatever
 *   else EC2 refuses; Retryable… when it may have acted: look for the client token before anything else
 */
export const prepareSpotLaunch = async (
  ec2: EC2Client,
  launch: SpotLaunch,
  known?: Image,
): Promise<() => Promise<LaunchResult>> => {
  const image =
    known?.ImageId === launch.imageId ? known : await describeImage(ec2, launch.imageId);
  if (image === undefined) throw notFound(launch.imageId);
  const request = spotRequest(launch, image);
  const about = {
    action: "RunInstances",
    resource: `${launch.instanceType} in ${launch.subnetId}`,
    secrets: [launch.blueprint.userData?.reveal() ?? ""],
  };
  return async () => {
    try {
      const answer = await callAws(about, () => ec2.send(new RunInstancesCommand(request)));
      const instance = answer.Instances?.[0];
      return withoutUndefined({
        kind: "LAUNCHED" as const,
        instanceId: required(instance?.InstanceId, "the instance that RunInstances launched"),
        spotRequestId: instance?.SpotInstanceRequestId,
        ...acted(answer),
      });
    } catch (error) {
      return refusal(error);
    }
  };
};

export interface DryRunRefusal {
  /** EC2's error code. */
  readonly code: string;
  /** EC2's words. */
  readonly message: string;
}

/** What a dry run answers where the launch would be tried. */
const wouldSucceed = (code: string): boolean => code === "DryRunOperation";

interface TrialPlace extends Pick<SpotLaunch, "purchase"> {
  readonly image: Image;
  readonly subnetId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A clone of an instance of its own type, from its own image, in its own subnet. */
export interface LaunchTrial extends TrialPlace {
  readonly parts: InstanceParts;
  readonly defaultCpu: LaunchBlueprint["cpuOptions"];
}

/** A member as its group would launch it. */
export interface MemberTrial extends TrialPlace {
  readonly blueprint: LaunchBlueprint;
  readonly instanceType: string;
}

const trialOf = (
  { image, subnetId, tags, purchase }: TrialPlace,
  launched: Pick<SpotLaunch, "blueprint" | "keep" | "instanceType">,
): RunInstancesCommandInput => {
  const launch: SpotLaunch = {
    ...launched,
    imageId: required(image.ImageId, "the image's id"),
    subnetId,
    clientToken: "",
    tags,
    ...(purchase === undefined ? {} : { purchase }),
  };
  const { ClientToken: _none, ...request } = spotRequest(launch, image);
  return { ...request, DryRun: true };
};

// User data are the guest's: EC2 has taken them before, and they need not be read.
const requestOfTrial = (trial: LaunchTrial): RunInstancesCommandInput => {
  const { parts, defaultCpu } = trial;
  const blueprint = blueprintOfInstance({ ...parts, userData: undefined, cpuCredits: undefined });
  return trialOf(trial, {
    blueprint: withChosenCpu(blueprint, defaultCpu),
    keep: "root",
    instanceType: required(parts.instance.InstanceType, "the instance's type"),
  });
};

/** Undefined: EC2 would try it, or the pool, the quota or the subnet alone stands in the way. */
const tryDry = async (
  ec2: EC2Client,
  request: RunInstancesCommandInput,
): Promise<DryRunRefusal | undefined> => {
  const { InstanceType: type, SubnetId: subnetId, NetworkInterfaces: [first] = [] } = request;
  const place = subnetId ?? first?.SubnetId ?? "an unnamed subnet";
  const about = { action: "RunInstances", resource: `${String(type)} in ${place}` };
  try {
    await callAws(about, () => ec2.send(new RunInstancesCommand(request)));
    return undefined;
  } catch (error) {
    if (launchRefusal(error) !== undefined) return undefined;
    const mayPass =
      error instanceof SpotOptimizerError &&
      (familyOf(error) === "Retryable" || error.name === "BrokenPermission");
    const refused = expectRefusal(error, () => !mayPass);
    return wouldSucceed(refused.code)
      ? undefined
      : { code: refused.code, message: wordsOf(refused.error) };
  }
};

/**
 * Asks EC2 whether it would try that launch, and launches nothing. Undefined: it would, or the pool, the quota or the subnet alone
 * stands in the way, which is for the offers to find out. † EC2 promises to judge the permission; it judges the parameters too, as
 * people report.
 * @throws BrokenPermission when the launch is denied; Retryable… when there was no answer
 */
export const dryRunSpotLaunch = (
  ec2: EC2Client,
  trial: LaunchTrial,
): Promise<DryRunRefusal | undefined> => tryDry(ec2, requestOfTrial(trial));

/** The same of a member, with all its devices and interfaces. @throws as `dryRunSpotLaunch` */
export const dryRunMemberLaunch = (
  ec2: EC2Client,
  trial: MemberTrial,
): Promise<DryRunRefusal | undefined> =>
  tryDry(
    ec2,
    trialOf(trial, {
      blueprint: trial.blueprint,
      keep: "all-devices",
      instanceType: trial.instanceType,
    }),
  );
