/** What Auto Scaling refused is not taken for done. */
import { SpotOptimizerError } from "../../core/errors.ts";
import type { Acted } from "./perform.ts";

/** Nothing was changed: it is not taken for done. Throws BrokenRequest with what Auto Scaling said. */
export const requireDone = async <Result extends Acted & { readonly kind: string }>(
  answer: Promise<Result>,
): Promise<Acted> => {
  const result = await answer;
  if (result.kind === "DONE") return result;
  const { sentence } = result as { readonly sentence?: string };
  throw new SpotOptimizerError("BrokenRequest", sentence ?? "Auto Scaling did not do it.", {
    code: result.kind,
  });
};
