/**
 * Launches one instance by CreateFleet of type instant. The answer is 200 also where nothing was launched: each place that was tried without
 * success has an error of its own, and a throttle comes among these, once per place, beside real refusals. Source: EC2 API reference, CreateFleet.
 */
import {
  CreateFleetCommand,
  type CreateFleetCommandOutput,
  type CreateFleetError,
  type EC2Client,
  type FleetLaunchTemplateOverrides,
  type Image,
} from "@aws-sdk/client-ec2";
import { instanceIdSchema, type InstanceId } from "../../../core/model/ids.ts";
import type { LaunchRefusal } from "../../../core/model/swap.ts";
import { acted, type Acted } from "../acted.ts";
import { isDenial, isOutage, isThrottle, launchRefusalOf } from "../error-codes.ts";
import { callAws, expectRefusal, translateError } from "../translate-error.ts";
import { fleetRequest, type FleetLaunch, type FleetPlace } from "./fleet-request.ts";

interface PlaceRefusal {
  readonly place: FleetPlace;
  readonly kind: LaunchRefusal;
  /** EC2's error code. */
  readonly code: string;
}

export type FleetResult = Acted & {
  /** What EC2 said of pools, quota and subnets, also where it launched. */
  readonly refusals: readonly PlaceRefusal[];
} & (
    | { readonly kind: "LAUNCHED"; readonly instanceId: InstanceId; readonly place: FleetPlace }
    | {
        readonly kind: "NOT_LAUNCHED";
        /** EC2's words, each once. */
        readonly message: string;
      }
  );

const placeOf = (
  { places }: FleetLaunch,
  named: FleetLaunchTemplateOverrides | undefined,
): FleetPlace | undefined =>
  places.find(
    ({ instanceType, subnetId }) =>
      named?.InstanceType === instanceType && named.SubnetId === subnetId,
  );

/** EC2 takes no more calls for now, or has failed: that says nothing of the place. */
const isUntried = ({ ErrorCode: code = "" }: CreateFleetError): boolean =>
  code === "" || isThrottle(code) || isOutage(code);

const refusalOf = (fleet: FleetLaunch, error: CreateFleetError): readonly PlaceRefusal[] => {
  const { ErrorCode: code = "", ErrorMessage: words = "" } = error;
  if (isUntried(error)) return [];
  const place = placeOf(fleet, error.LaunchTemplateAndOverrides?.Overrides);
  // What EC2 says of no place is said of the request.
  const about = place === undefined ? fleet.places : [place];
  return about.map((one) => ({
    place: one,
    kind: launchRefusalOf(code, words) ?? "UNSUITABLE",
    code,
  }));
};

const about = (fleet: FleetLaunch) => ({
  action: "CreateFleet",
  resource: fleet.places.map((place) => `${place.instanceType} in ${place.subnetId}`).join(", "),
  secrets: [fleet.blueprint.userData?.reveal() ?? ""],
});

const wordsOf = (errors: readonly CreateFleetError[]): string =>
  [
    ...new Set(
      errors.map(({ ErrorCode: code, ErrorMessage: words }) => `${code ?? "?"}: ${words ?? ""}`),
    ),
  ].join(" ");

/** The same for every place: another try would meet it too. */
const throwDenial = (fleet: FleetLaunch, errors: readonly CreateFleetError[]): void => {
  const denied = errors.find(({ ErrorCode: code = "" }) => isDenial(code));
  if (denied === undefined) return;
  const error = Object.assign(new Error(denied.ErrorMessage), { name: denied.ErrorCode ?? "" });
  throw translateError(error, about(fleet));
};

const read = (fleet: FleetLaunch, answer: CreateFleetCommandOutput): FleetResult => {
  const { Errors: errors = [], Instances: launched = [] } = answer;
  const refusals = errors.flatMap((error) => refusalOf(fleet, error));
  const made = launched.find(({ InstanceIds: ids = [] }) => ids.length > 0);
  const place = placeOf(fleet, made?.LaunchTemplateAndOverrides?.Overrides) ?? fleet.places[0];
  if (made !== undefined && place !== undefined) {
    const instanceId = instanceIdSchema.parse(made.InstanceIds?.[0]);
    return { kind: "LAUNCHED", instanceId, place, refusals, ...acted(answer) };
  }
  throwDenial(fleet, errors);
  return { kind: "NOT_LAUNCHED", message: wordsOf(errors), refusals, ...acted(answer) };
};

/** Of the request as a whole. Throws the error on if it is not about pools, the quota or subnets. */
const refusedWhole = (fleet: FleetLaunch, error: unknown): FleetResult => {
  const {
    code,
    requestId,
    error: refused,
  } = expectRefusal(
    error,
    (found) => launchRefusalOf(found, error instanceof Error ? error.message : "") !== undefined,
  );
  const kind = launchRefusalOf(code, refused.message) ?? "UNSUITABLE";
  const refusals = fleet.places.map((place) => ({ place, kind, code }));
  return { kind: "NOT_LAUNCHED", message: refused.message, refusals, requestId };
};

/**
 * With the same token and parameters EC2 answers as it did first: a new attempt takes a new token. † The page on idempotency lists CreateFleet, and
 * does not say what is answered again.
 * @throws BrokenNotFound when the template is gone; BrokenPermission; whatever else EC2 refuses the request for; Retryable… when it may have
 *   acted: look for what the evaluation has launched before anything else
 */
export const launchByFleet = async (
  ec2: EC2Client,
  fleet: FleetLaunch,
  image: Image,
): Promise<FleetResult> => {
  try {
    const answer = await callAws(about(fleet), () =>
      ec2.send(new CreateFleetCommand(fleetRequest(fleet, image))),
    );
    return read(fleet, answer);
  } catch (error) {
    return refusedWhole(fleet, error);
  }
};
