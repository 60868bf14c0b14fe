/** The command line of a training. */
import * as z from "zod";
import { modelVersionSchema } from "../../core/risk/model-file.ts";
import {
  marketFileNeeds,
  marketFileOptions,
  marketFilesOf,
  type MarketFiles,
} from "../backtest/market-files.ts";
import { defineCommandLine } from "../terminal/command-line.ts";
import { flag, pathBelow } from "../terminal/option-values.ts";
import { isModelPath } from "./model-text.ts";

export interface TrainOptions extends MarketFiles {
  readonly heldOut: readonly string[];
  readonly version: string;
  /** Absolute, as all paths are. */
  readonly out: string;
  readonly isJson: boolean;
}

const usage = `Usage: npm run train -- --traces FILE… --version NAME --out FILE [options]

Fits a risk model on recorded markets, reports how good it is later, and writes its file.

  --traces FILE…    traces of availability
  --prices FILE     history of Spot prices, with --on-demand FILE
  --hold-out NAME…  of the traces, by name: only reported on
  --version NAME    of the model
  --out FILE        .ts or .json
  --json            print the figures as one JSON document
  --help            print this

Exit code: 0 done, 1 the data do not make a model, 2 wrong usage.
`;

export const trainCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run train --",
    usage,
    needs: marketFileNeeds,
    schema: z
      .object({
        ...marketFileOptions(folder),
        "hold-out": z.array(z.string()).default([]),
        version: modelVersionSchema,
        out: pathBelow(folder).refine(isModelPath, "must end in .ts or .json"),
        json: flag,
      })
      .transform((values): TrainOptions => ({
        ...marketFilesOf(values),
        heldOut: values["hold-out"],
        version: values.version,
        out: values.out,
        isJson: values.json,
      })),
  });
