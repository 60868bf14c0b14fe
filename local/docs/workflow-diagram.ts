/** A workflow as Mermaid state diagrams and tables, chapter by chapter, in its own state names. */
import type { State, StateMachine } from "../../statemachines/asl.ts";
import { markdownTable } from "./markdown-table.ts";

interface Chapter {
  /** Names the section of the page that holds it. */
  readonly name: string;
  /** First state of the chapter; it goes on to the first state of the next. */
  readonly from: string;
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Kind on which a Choice takes this way. */
  readonly on?: string;
}

/** `Has it proved itself?` → `HasItProvedItself`: Mermaid takes letters only. */
const idOf = (name: string): string =>
  name
    .split(/[^A-Za-z]+/)
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join("");

/** The ways forward. A Task's catch is drawn only where it does not lead to the usual place. */
const arrowsFrom = (from: string, state: State, usualCatch: string): readonly Arrow[] => {
  if (state.Type === "Choice") {
    return state.Choices.map((choice) => ({ from, to: choice.Next, on: choice.StringEquals }));
  }
  const next = "Next" in state ? [{ from, to: state.Next }] : [];
  const caught = "Catch" in state ? (state.Catch ?? []) : [];
  return [
    ...next,
    ...caught
      .filter(({ Next }) => Next !== usualCatch)
      .map(({ Next }) => ({ from, to: Next, on: "any failure" })),
  ];
};

const statesOf = (
  workflow: StateMachine,
  chapters: readonly Chapter[],
  name: string,
): readonly (readonly [string, State])[] => {
  const index = chapters.findIndex((chapter) => chapter.name === name);
  const entries = Object.entries(workflow.States);
  const startOf = (chapter: Chapter | undefined): number =>
    chapter === undefined ? entries.length : entries.findIndex(([state]) => state === chapter.from);
  return entries.slice(startOf(chapters[index]), startOf(chapters[index + 1]));
};

export interface ChapterOf {
  readonly workflow: StateMachine;
  readonly chapters: readonly Chapter[];
  /** Where almost every Task's failure leads: said in words, not drawn. */
  readonly usualCatch: string;
}

export const chapterDiagram = (
  { workflow, chapters, usualCatch }: ChapterOf,
  name: string,
): string => {
  const states = statesOf(workflow, chapters, name);
  const arrows = states.flatMap(([from, state]) => arrowsFrom(from, state, usualCatch));
  const names = new Set([...states.map(([state]) => state), ...arrows.map(({ to }) => to)]);
  const ends = states.filter(([, { Type }]) => Type === "Succeed" || Type === "Fail");
  const start = states.some(([state]) => state === workflow.StartAt) ? [workflow.StartAt] : [];
  return [
    "```mermaid",
    "stateDiagram-v2",
    ...[...names].map((state) => `  state "${state}" as ${idOf(state)}`),
    ...start.map((state) => `  [*] --> ${idOf(state)}`),
    ...arrows.map(
      ({ from, to, on }) => `  ${idOf(from)} --> ${idOf(to)}${on === undefined ? "" : `: ${on}`}`,
    ),
    ...ends.map(([state]) => `  ${idOf(state)} --> [*]`),
    "```",
  ].join("\n");
};

export const chapterTable = ({ workflow, chapters }: ChapterOf, name: string): string =>
  markdownTable(
    ["State", "Kind", "What it does"],
    statesOf(workflow, chapters, name).map(([state, { Type, Comment }]) => [
      state,
      Type,
      Comment ?? "",
    ]),
  );
