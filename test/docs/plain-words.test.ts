/** Keeps riddles and translated idiom out of sources, tests and pages: docs/contributing.md, "Words", has the rule. */
import { describe, expect, it } from "@jest/globals";
import { readSource, sourcesBelow } from "../architecture/sources.ts";
import { pages } from "./pages.ts";

interface Riddle {
  /** A blank matches a line break too, with the mark of a comment that follows it. */
  readonly pattern: string;
  readonly write: string;
  readonly found: readonly string[];
  /** Good English that looks like it. */
  readonly passes?: readonly string[];
}

const riddles: readonly Riddle[] = [
  {
    pattern: "of ours",
    write: '"our …", or "that we created"',
    found: ["nothing of ours is left", "a call\n * of ours acted"],
    passes: ["sentences of our own"],
  },
  {
    pattern: "any more(?=[.,;:)\"'`])",
    write: '"no longer"',
    found: ["is not connected any more.", "(yet, or any more)", "`not visible any more`"],
    passes: ["does it take any more instances?"],
  },
  {
    pattern: "(?:it|them|is|are|was|were|answered|needed) no more(?! than)",
    write: '"no longer"',
    found: ["has it no more.", "calls are answered\n// no more; then"],
    passes: ["tried once more and no more", "is no more than a hint", "evaluations need no more."],
  },
  {
    pattern: "(?:has|have|had|gets?) (?:its|his|her|their|had their) turn",
    write: '"is handled"',
    found: ["the rest has its turn at the next sweep", "once all have had their turn"],
    passes: ["in turn"],
  },
  {
    pattern: "(?:somebody|someone) else's",
    write: '"somebody else attached it", "another writer\'s"',
    found: ["is in somebody else's hands"],
    passes: ["somebody else was faster"],
  },
  { pattern: "nobody's", write: '"free", or what it is', found: ["with it in it is nobody's"] },
  {
    pattern:
      "(?<!there |there still )(?:is|are|was|were) no (?!longer|more|less|fewer|other|better|worse|cheaper|larger|smaller)[a-z`][\\w-]*",
    write: '"is not a …"',
    found: ["is no mode of the demo", "rows are no On-Demand offer"],
    passes: [
      "There\n  is no call yet",
      "there are no alarms",
      "is no longer read",
      "which is no worse",
    ],
  },
  { pattern: "in vain", write: '"without success"', found: ["was asked in vain"] },
  {
    pattern: "lets be|(?:is|are|was|were) let be",
    write: '"leaves alone"',
    found: ["lets be what it finds", "it is let be for good"],
    passes: ["as low as its rounding lets it be"],
  },
  { pattern: "befell|befalls?", write: '"happened to"', found: ["what befell its pools"] },
  {
    pattern: '(?-i:"(?:HERE|THERE|NOWHERE|UNDER_WAY)")',
    write: "AT_ORIGINAL, AT_REPLACEMENT, DETACHED, MOVING",
    found: ['kind: "UNDER_WAY"'],
    passes: ["an image that is under way", 'zone: "nowhere"'],
  },
];

/** The same length, so that a place in it is a place in the text. */
const withoutBreaks = (text: string): string =>
  text.replaceAll(/\n[ \t]*(?:\*|\/\/)?[ \t]*/g, (found) => " ".repeat(found.length));

const placesOf = (pattern: string, text: string) => {
  const expression = new RegExp(`(?<![\\w-])(?:${pattern.replaceAll(" ", "\\s+")})`, "gi");
  return [...withoutBreaks(text).matchAll(expression)].map(({ 0: phrase, index }) => ({
    phrase: phrase.replaceAll(/\s+/g, " "),
    line: text.slice(0, index).split("\n").length,
  }));
};

/** A sentence per finding: file, line, phrase, and what to write. */
const riddlesIn = (path: string, text: string): readonly string[] =>
  riddles.flatMap(({ pattern, write }) =>
    placesOf(pattern, text).map(
      ({ phrase, line }) => `${path}:${String(line)}: for "${phrase}" write ${write}`,
    ),
  );

/** The last section, which names what not to write. */
const wordsSection = /^## Words$[^]*/m;

const files: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ["core", "adapters", "lambdas", "statemachines", "infra", "local", "test"].map((folder) => [
      folder,
      sourcesBelow(folder).filter((path) => path !== "test/docs/plain-words.test.ts"),
    ]),
  ),
  "the root": ["eslint.config.js", "jest.config.js"],
  "the pages": pages,
};

describe("a riddle", () => {
  it.each(riddles.flatMap(({ found, write }) => found.map((text) => ({ text, write }))))(
    "is found with what to write instead: $text",
    ({ text, write }) => {
      expect(riddlesIn("page.md", text)).toContainEqual(expect.stringMatching(/^page\.md:\d+: /));
      expect(riddlesIn("page.md", text).join()).toContain(write);
    },
  );

  it("is told with file, line and phrase, also across a line break", () => {
    expect(riddlesIn("a.ts", "/**\n * One that is gone has it no\n * more.\n */")).toEqual([
      'a.ts:2: for "it no more" write "no longer"',
    ]);
  });

  it.each(riddles.flatMap(({ passes = [] }) => passes))("is not seen in: %s", (text) => {
    expect(riddlesIn("page.md", text)).toEqual([]);
  });
});

describe("plain words", () => {
  it.each(Object.keys(files))("are used in %s", (group) => {
    const found = (files[group] ?? []).flatMap((path) =>
      riddlesIn(path, readSource(path).replace(wordsSection, "")),
    );
    expect(found).toEqual([]);
  });
});
