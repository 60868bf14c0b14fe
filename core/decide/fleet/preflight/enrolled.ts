/** What was read, as if its owner had put on everything the tag by which he lets us change it. */
import type { CloseLook } from "../../../model/close-look.ts";
import type { GroupFacts } from "../../../model/group.ts";
import type { PipelineMode } from "../../../model/pipeline-mode.ts";
import type { PlaceReading } from "../../../model/place-reading.ts";

export const enrolledReading = (reading: PlaceReading): PlaceReading => ({
  ...reading,
  instances: reading.instances.map((instance) => ({ ...instance, unenrolled: [] })),
});

const enrolledGroup = <Facts extends { readonly group?: GroupFacts }>(facts: Facts): Facts =>
  facts.group === undefined ? facts : { ...facts, group: { ...facts.group, unenrolled: [] } };

export const enrolledLook = (look: CloseLook<PipelineMode>): CloseLook<PipelineMode> =>
  "facts" in look ? { ...look, facts: enrolledGroup(look.facts) } : { ...look, unenrolled: [] };
