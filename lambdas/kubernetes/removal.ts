/** What is known of our having asked a node to leave its group. */
import type { Swap } from "../../core/model/swap.ts";

export const removalId = ({ swapId }: Pick<Swap, "swapId">): string => `remove-${swapId}`;
