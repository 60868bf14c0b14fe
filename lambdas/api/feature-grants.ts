/** What the answers to the dry runs say of each part of the customer's role. */
import type { PermissionFinding } from "../../adapters/aws/ec2/tags.ts";
import { customerRoleParts, isAlwaysThere } from "../access/customer-role.ts";
import { features, type Feature } from "../access/features.ts";
import { featureActions } from "../access/functions.ts";
import type { VerificationJson } from "./schemas/verification.ts";

export type FeatureGrant = VerificationJson["features"][number];
type Permission = FeatureGrant["missing"][number];

export type PermissionAnswer = PermissionFinding & { readonly region: string };

/** A feature with the actions that it needs. */
export interface AskedFeature {
  readonly feature: Feature;
  readonly actions: readonly string[];
}

/** Those that the role has a part for. */
const askedFeatures: readonly AskedFeature[] = customerRoleParts.map(({ feature }) => ({
  feature,
  actions: featureActions(feature),
}));

const permission = ({ action, region, reason }: PermissionAnswer): Permission => ({
  action,
  region,
  ...(reason === undefined ? {} : { reason }),
});

/**
 * A part is known to be there by an allowed action that no other feature needs: what two features need may come
 * from the other's part. A part that is there and yet lacks something is INCOMPLETE, one that is not is ABSENT.
 */
const statusOf = (
  answers: readonly PermissionAnswer[],
  neededElsewhere: ReadonlySet<string>,
): FeatureGrant["status"] => {
  const isThere = answers.some(
    ({ action, kind }) => kind === "ALLOWED" && !neededElsewhere.has(action),
  );
  const isRefused = answers.some(({ kind }) => kind === "DENIED");
  if (isRefused) return isThere ? "INCOMPLETE" : "ABSENT";
  return isThere ? "GRANTED" : "UNPROVED";
};

/** An action that several features need is asked once, and answered for each of them. */
export const featureGrants = (
  answers: readonly PermissionAnswer[],
  asked: readonly AskedFeature[] = askedFeatures,
): FeatureGrant[] =>
  asked.map(({ feature, actions }) => {
    const others = asked.filter((other) => other.feature !== feature);
    const neededElsewhere = new Set(others.flatMap((other) => other.actions));
    const own = answers.filter(({ action }) => actions.includes(action));
    const those = (kind: PermissionFinding["kind"]): Permission[] =>
      own.filter((answer) => answer.kind === kind).map(permission);
    return {
      feature,
      status: statusOf(own, neededElsewhere),
      missing: those("DENIED"),
      unproved: those("UNKNOWN"),
    };
  });

/** Where the role can't be assumed, nothing is asked. */
export const skippedGrants = (): FeatureGrant[] =>
  askedFeatures.map(({ feature }) => ({ feature, status: "SKIPPED", missing: [], unproved: [] }));

/** In the order of the list of features. */
export const inOrder = (grants: readonly FeatureGrant[]): FeatureGrant[] =>
  grants.toSorted((one, other) => features.indexOf(one.feature) - features.indexOf(other.feature));

const required: ReadonlySet<Feature> = new Set(
  customerRoleParts.filter(isAlwaysThere).map(({ feature }) => feature),
);

/**
 * A part may be left out, unless it is always there. But a part that is there must be whole: a switch that finds a
 * permission missing half-way could not be rolled back without it either.
 */
export const isFaulty = ({ feature, status }: FeatureGrant): boolean =>
  status === "INCOMPLETE" || (status === "ABSENT" && required.has(feature));
