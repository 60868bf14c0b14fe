/** The role in a customer's account, in parts, made from the list of what our functions call there. */
import { featureActions } from "./functions.ts";
import { clusterPart } from "./parts/cluster.ts";
import { enforcePart } from "./parts/enforce.ts";
import { kubernetesPart } from "./parts/kubernetes.ts";
import { linearPart } from "./parts/linear.ts";
import { noticesPart } from "./parts/notices.ts";
import type { RolePart, RoleStatement } from "./parts/part.ts";
import { readPart } from "./parts/read.ts";
import { wastePart } from "./parts/waste.ts";

/** Fixed, so that our functions' permission to assume roles can name it in every account. */
export const customerRoleName = "SpotOptimizerRole";

const parts: readonly RolePart[] = [
  readPart,
  linearPart,
  clusterPart,
  kubernetesPart,
  wastePart,
  enforcePart,
  noticesPart,
];

/** A row for each feature that has something to allow. */
export const customerRoleParts: readonly RolePart[] = parts.filter(
  ({ feature }) => featureActions(feature).length > 0,
);

/** The others are the customer's choice. */
export const isAlwaysThere = ({ feature }: RolePart): boolean => feature === "read";

export const customerRoleStatements = (): readonly RoleStatement[] =>
  customerRoleParts.flatMap(({ statements }) => statements);
