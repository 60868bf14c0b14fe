/**
 * Writes the arrow functions of a module as functions. When V8 compiles a bundle, it parses each arrow function that stands in no
 * other function in full, but skips the body of a `function` until that is called: a cold start calls a few hundred of some three thousand.
 */
import ts from "typescript";

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What means something else in a function than in an arrow function. */
const isBound = (node: ts.Node): boolean =>
  node.kind === ts.SyntaxKind.ThisKeyword ||
  node.kind === ts.SyntaxKind.SuperKeyword ||
  ts.isMetaProperty(node) ||
  (ts.isIdentifier(node) && node.text === "arguments");

const holdsBound = (node: ts.Node): boolean =>
  isBound(node) || (ts.forEachChild(node, holdsBound) ?? false);

const insert = (at: number, text: string): Edit => ({ from: at, to: at, text });

const editsOf = (arrow: ts.ArrowFunction, source: ts.SourceFile): readonly Edit[] => {
  const { body, equalsGreaterThanToken: sign, modifiers, parameters } = arrow;
  const children = arrow.getChildren(source);
  const opening = children.find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken);
  const begin = modifiers === undefined ? arrow.getStart(source) : modifiers.end;
  return [
    insert(begin, " function "),
    ...(opening === undefined ? [insert(parameters.pos, "("), insert(parameters.end, ")")] : []),
    { from: sign.getStart(source), to: sign.end, text: "" },
    ...(ts.isBlock(body)
      ? []
      : [insert(body.getStart(source), "{ return ("), insert(body.end, "); }")]),
  ];
};

/** Those of a class are its fields: their functions are made for each instance, and know it as `this`. */
const isAnotherScope = (node: ts.Node): boolean => ts.isFunctionLike(node) || ts.isClassLike(node);

/** An arrow function that is a statement of its own does nothing, and a function there would be a declaration. */
const outermostArrows = (node: ts.Node): readonly ts.ArrowFunction[] => {
  const found: ts.ArrowFunction[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isArrowFunction(child)) {
      if (!holdsBound(child)) found.push(child);
    } else if (ts.isExpressionStatement(child) && ts.isArrowFunction(child.expression)) return;
    else if (!isAnotherScope(child)) ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
};

const parsing = {
  languageVersion: ts.ScriptTarget.ESNext,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** The same module, TypeScript or JavaScript, with functions for the outermost of its arrow functions. */
export const skipBodies = (text: string): string => {
  if (!text.includes("=>")) return text;
  const source = ts.createSourceFile("module.ts", text, parsing);
  const edits = outermostArrows(source).flatMap((arrow) => editsOf(arrow, source));
  let written = "";
  let at = 0;
  for (const { from, to, text: inserted } of edits) {
    written += text.slice(at, from) + inserted;
    at = to;
  }
  return written + text.slice(at);
};
