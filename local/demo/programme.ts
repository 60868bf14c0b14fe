/** What one run of the demo consists of. */
import type { MarketNote } from "./report/document.ts";
import type { AnyReport } from "./any-report.ts";
import type { OpenStage } from "./stage.ts";
import type { Teller } from "./teller.ts";

export interface Programme {
  /** What it shows. */
  readonly title: string;
  /** Paragraphs: where prices come from, and what is recorded, derived or made up. */
  readonly introduction: readonly string[];
  readonly marketNote: MarketNote;
  readonly play: (teller: Teller, openStage: OpenStage) => Promise<readonly AnyReport[]>;
}
