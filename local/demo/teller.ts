/** Tells stories while they run: to people in lines, or not at all when only the document is wanted. */
import type { LabAccount } from "../lab/account.ts";
import type { OnVisit } from "../interpreter/visits.ts";
import type { Paint } from "../terminal/paint.ts";
import type { AnyReport } from "./any-report.ts";
import { groupEndingLines } from "./cluster/group-lines.ts";
import {
  tellGroupStory,
  type GroupReport,
  type GroupStory,
  type OpenStage as OpenGroupStage,
} from "./cluster/group-story.ts";
import { nodeEndingLines } from "./kubernetes/node-lines.ts";
import { tellNodeStory, type NodeReport, type NodeStory } from "./kubernetes/node-story.ts";
import { endingLines, headingLines, visitLine, type Form } from "./report/story-lines.ts";
import { tellStory, type Story, type StoryReport } from "./story.ts";

export interface Teller {
  readonly paint: Paint;
  /** SHORT: without the steps, and without what explains the verdict. */
  readonly form: Form;
  /** To the reader. */
  readonly say: (lines: readonly string[]) => void;
  /** What is being worked on; the next text takes its place, an empty one clears it. */
  readonly progress: (text: string) => void;
  /** A story has ended. */
  readonly note: (report: AnyReport) => void;
}

interface TellingOrder<AStory> {
  readonly number: number;
  readonly story: AStory;
}

type OpenStage = () => Promise<LabAccount>;

const begin = (
  { paint, form, say }: Teller,
  { number, story }: TellingOrder<Pick<Story, "title" | "introduction">>,
): OnVisit => {
  const heading = headingLines({ ...story, number }, paint);
  if (form === "SHORT") {
    // The steps stand after the empty line.
    say(heading.slice(0, -1));
    return () => undefined;
  }
  say(heading);
  return (visit) => {
    say([visitLine(visit, paint)]);
  };
};

/** @param order the first one told in full explains what its tables mean */
export const tell = async (
  teller: Teller,
  order: TellingOrder<Story> & { readonly isFirst: boolean },
  openStage: OpenStage,
): Promise<StoryReport> => {
  const { paint, form, say } = teller;
  const { story, isFirst } = order;
  const report = await tellStory(story, openStage, begin(teller, order));
  say(endingLines(report, { paint, form, isFirst }));
  teller.note(report);
  return report;
};

export const tellGroup = async (
  teller: Teller,
  order: TellingOrder<GroupStory>,
  openStage: OpenGroupStage,
): Promise<GroupReport> => {
  const { paint, form, say } = teller;
  const report = await tellGroupStory(order.story, openStage, begin(teller, order));
  say(groupEndingLines(report, { paint, form }));
  teller.note(report);
  return report;
};

export const tellNode = async (
  teller: Teller,
  order: TellingOrder<NodeStory>,
  openStage: OpenStage,
): Promise<NodeReport> => {
  const { paint, form, say } = teller;
  const report = await tellNodeStory(order.story, openStage, begin(teller, order));
  say(nodeEndingLines(report, { paint, form }));
  teller.note(report);
  return report;
};

export const tellInSilence = async (
  teller: Teller,
  story: Story,
  openStage: OpenStage,
): Promise<StoryReport> => {
  const report = await tellStory(story, openStage, () => undefined);
  teller.note(report);
  return report;
};
