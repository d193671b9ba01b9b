import { createAll, FileUpload, ServiceNavigation, SkipLink } from "/static/govuk-frontend.min.js";

createAll(ServiceNavigation);
createAll(SkipLink);
createAll(FileUpload);
