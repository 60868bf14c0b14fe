/** Our own source files as the tests see them: their paths, and what they say in strings. */
import { readFileSync, readdirSync } from "node:fs";
import ts from "typescript";

const root = new URL("../../", import.meta.url);

/** Every TypeScript file below the folders, by path from the root. */
export const sourcesBelow = (...folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => `${folder}/${path}`)
      .sort(),
  );

export const readSource = (path: string): string => readFileSync(new URL(path, root), "utf8");

const isTemplatePart = (node: ts.Node): node is ts.TemplateLiteralLikeNode =>
  ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);

/** The strings and the fixed parts of templates, without comments and code. */
export const textsOf = (source: string): readonly string[] => {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || isTemplatePart(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest));
  return texts;
};
