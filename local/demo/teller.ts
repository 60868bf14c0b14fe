/** Tells stories while they run: to people in lines, or not at all when only the document is wanted. */
import type { LabAccount } from "../lab/account.ts";
import type { StateVisit } from "../lab/follow.ts";
import type { Paint } from "../terminal/paint.ts";
import { endingLines, headingLines, visitLine } from "./report/story-lines.ts";
import { tellStory, type Story, type StoryReport } from "./story.ts";

export interface Teller {
  readonly paint: Paint;
  /** To the reader. */
  readonly say: (lines: readonly string[]) => void;
  /** What is being worked on; the next text takes its place, an empty one clears it. */
  readonly progress: (text: string) => void;
  /** A story has ended. */
  readonly note: (report: StoryReport) => void;
}

export interface TellingOrder {
  readonly number: number;
  readonly story: Story;
  /** The first one told in full explains what its tables mean. */
  readonly isFirst: boolean;
}

export const tellInFull = async (
  teller: Teller,
  { number, story, isFirst }: TellingOrder,
  openStage: () => Promise<LabAccount>,
): Promise<StoryReport> => {
  const { paint, say } = teller;
  say(headingLines({ ...story, number }, paint));
  const onVisit = (visit: StateVisit): void => {
    say([visitLine(visit, paint)]);
  };
  const report = await tellStory(story, openStage, onVisit);
  say(endingLines(report, { paint, isFirst }));
  teller.note(report);
  return report;
};

export const tellInSilence = async (
  teller: Teller,
  story: Story,
  openStage: () => Promise<LabAccount>,
): Promise<StoryReport> => {
  const report = await tellStory(story, openStage, () => undefined);
  teller.note(report);
  return report;
};
