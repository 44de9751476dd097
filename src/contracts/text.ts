/** No character of C0, DEL or C1: what \p{Cc} stands for, spelled so that readers of the document in any language know it. */
// oxlint-disable-next-line no-control-regex -- these are the characters it is about
export const NO_CONTROLS = /^[^\u0000-\u001f\u007f-\u009f]+$/;

/** More than white space, which is cut off at both ends. */
export const NOT_BLANK = /\S/;
