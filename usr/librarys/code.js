/** The page at /code. */
import "./ctx-app.js";
