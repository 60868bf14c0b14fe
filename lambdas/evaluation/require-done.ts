/** What Auto Scaling refused is not taken for done. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Acted } from "./perform.ts";

const isDone = <Result extends { readonly kind: string }>(
  result: Result,
): result is Extract<Result, { readonly kind: "DONE" }> => result.kind === "DONE";

/** Nothing was changed: it is not taken for done. Throws BrokenRequest with what Auto Scaling said. */
export const requireDone = async <Result extends Acted & { readonly kind: string }>(
  answer: Promise<Result>,
): Promise<Extract<Result, { readonly kind: "DONE" }>> => {
  const result = await answer;
  if (isDone(result)) return result;
  const { sentence } = result as { readonly sentence?: string };
  throw new SpotOptimizerError("BrokenRequest", sentence ?? "Auto Scaling did not do it.", {
    code: result.kind,
  });
};
