/** Puts colour on a text, or nothing. */
export type Paint = (text: string) => string;

/** The colours of what people see. Filled by the room that talks to terminals; colour never says what words do not. */
export interface Style {
  readonly header: Paint;
  readonly dim: Paint;
  readonly key: Paint;
  readonly error: Paint;
}

const asItIs: Paint = (text) => text;

/** The style without colour. */
export const plainStyle: Style = { header: asItIs, dim: asItIs, key: asItIs, error: asItIs };
