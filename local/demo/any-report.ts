import type { GroupReport } from "./cluster/group-story.ts";
import type { NodeReport } from "./kubernetes/node-story.ts";
import type { StoryReport } from "./story.ts";

/** A told story, whatever its mode. */
export type AnyReport = StoryReport | GroupReport | NodeReport;
