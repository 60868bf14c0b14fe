/** Says before a target is judged whose market that takes. */
import type { InstanceId } from "../../model/ids.ts";
import type { PipelineMode } from "../../model/pipeline-mode.ts";
import { instanceIn, type PlaceReading } from "../../model/place-reading.ts";
import type { TargetOf } from "../../model/target.ts";
import { spotProductOf, type SpotProduct } from "../offers/spot-product.ts";
import { findGroup } from "./facts-of-group.ts";
import { groupBehind } from "./facts-of-nodes.ts";

type AnyTarget = TargetOf<PipelineMode>;

/** Of a managed node group the template is EKS's: its members say what they run. */
const platformOfMembers = (reading: PlaceReading, ids: readonly InstanceId[]): string | undefined =>
  ids.map((id) => instanceIn(reading, id)?.platformDetails).find((found) => found !== undefined);

const platformOf = (reading: PlaceReading, target: AnyTarget): string | undefined => {
  if (target.pipelineMode === "LINEAR")
    return instanceIn(reading, target.instanceId)?.platformDetails;
  const found =
    target.pipelineMode === "CLUSTER"
      ? findGroup(reading, target.group.asgName)
      : groupBehind(reading, target);
  const group = found.kind === "READ" ? found.group : undefined;
  const members = group?.members.map(({ instanceId }) => instanceId) ?? [];
  return group?.template?.platformDetails ?? platformOfMembers(reading, members);
};

/** Whose market `judgeInPlace` needs. Undefined: no verdict on it rests on a market, so that any product's will do. */
export const productInPlace = (reading: PlaceReading, target: AnyTarget): SpotProduct | undefined =>
  spotProductOf(platformOf(reading, target) ?? "");
