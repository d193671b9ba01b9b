import {
  Button,
  createAll,
  ErrorSummary,
  FileUpload,
  ServiceNavigation,
  SkipLink,
} from "/static/govuk-frontend.min.js";

createAll(ServiceNavigation);
createAll(SkipLink);
createAll(Button);
createAll(ErrorSummary); // whoever uses the keyboard is taken to what is wrong
createAll(FileUpload);
