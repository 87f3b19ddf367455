/** The page that ends a login in a popup or in a hidden frame, as a bundler gives a file: its URL. */
declare const url: string;
export default url;
